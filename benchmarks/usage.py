"""What whole processes have used up: processor time and memory, out of /proc."""

import os
from pathlib import Path

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(pid: int) -> list[int]:
    """进程树: the process and everything it began."""
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


def cpu(pid: int) -> float:
    """处理器秒数: of the tree, with those of it that have ended."""
    ticks = 0
    for one in tree(pid):
        stat = _stat(one)
        if stat:
            ticks += sum(int(value) for value in stat[11:15])
    return ticks / TICK


def memory(pid: int) -> list[float]:
    """内存: MiB each process of the tree holds, what it shares with others divided among them."""
    found = []
    for one in tree(pid):
        try:
            lines = (PROC / str(one) / "smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        found += [int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")]
    return found


def resident(pid: int) -> list[float]:
    """常驻内存: MiB of each process of the tree, shared pages counted in each."""
    stats = (_stat(one) for one in tree(pid))
    return [int(stat[21]) * PAGE / (1 << 20) for stat in stats if stat]


def processes() -> dict[str, int]:
    """进程: as the launcher names them."""
    told = os.environ.get("HUBIN_BENCH_PROCESSES", "")
    pairs = (pair.partition(":") for pair in told.split(",") if pair)
    return {name: int(pid) for name, _sep, pid in pairs}


def _stat(pid: int) -> list[str]:
    """The fields after the name, from the state on."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
