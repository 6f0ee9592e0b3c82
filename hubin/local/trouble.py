"""What stops the launcher, told to a person in one sentence that names the cure."""

from pathlib import Path


class Trouble(Exception):
    """Shown as it is, without a traceback; the exit code is 1."""

    def __init__(self, sentence: str, *, details: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details


class StopRequested(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM; whoever catches it puts things in order."""


def last_lines(log: Path, count: int = 15) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])
