"""Keeps the children alive, and ends them in order."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from hubin.local.children import Child
from hubin.local.folder import DataFolder, write_json
from hubin.local.say import say
from hubin.local.stopper import Stopper
from hubin.local.trouble import Trouble, last_lines

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY = 60.0  # seconds alive after which earlier deaths are forgotten
SETTLED = 2.0  # seconds alive after which a process has loaded
# ended from the left; those that stand together are asked at the same time
STOP_ORDER = (
    ("beat", "sweep", "sweep2", "slow"),
    ("web",),
    ("worker",),
    ("broker",),
    ("database",),
)


@dataclass
class Standing:
    """How a child has fared lately."""

    deaths: int = 0
    started: float = 0.0
    due: float | None = None  # when to begin it again; None while it lives


def back_off(deaths: int) -> float:
    """Half a second after the first death, doubling up to half a minute."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (deaths - 1)))


class Supervisor:
    def __init__(
        self, folder: DataFolder, stopper: Stopper, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder = folder
        self.stopper = stopper
        self.now = now
        self.children: dict[str, Child] = {}
        self.standing: dict[str, Standing] = {}

    def begin(self, child: Child) -> None:
        child.start()
        self.children[child.name] = child
        self.standing[child.name] = Standing(started=self.now())
        self._record()

    def look(self) -> None:
        """Notice the dead, and begin again those whose pause is over."""
        for name, child in self.children.items():
            standing = self.standing[name]
            if standing.due is None and not child.alive():
                self._note_death(child, standing)
            elif standing.due is not None and self.now() >= standing.due:
                child.start()
                standing.started, standing.due = self.now(), None
                self._record()

    def _note_death(self, child: Child, standing: Standing) -> None:
        if self.now() - standing.started >= STEADY:
            standing.deaths = 0
        standing.deaths += 1
        pause = back_off(standing.deaths)
        standing.due = self.now() + pause
        say(
            f"  {child.name} ended with code {child.code}; starting it again in {pause:g} s"
            f" (log: {child.log})"
        )

    def refuse_flapping(self, deaths: int = 3) -> None:
        """While starting up: a child that died again and again will not come up by waiting."""
        for name, standing in self.standing.items():
            if standing.deaths >= deaths:
                log = self.children[name].log
                raise Trouble(
                    f"{name} does not stay up; all it said stands in {log}.",
                    details=last_lines(log),
                )

    def all_settled(self) -> bool:
        """Everyone lives, and has for a moment: a process that fails does so while loading."""
        moment = self.now() - SETTLED
        return all(
            child.alive() and self.standing[name].started <= moment
            for name, child in self.children.items()
        )

    def wait_for(self, name: str, answering: Callable[[], bool], seconds: float) -> None:
        """While starting up: until it answers, as long as nobody dies again and again."""

        def probe() -> bool:
            self.look()
            self.refuse_flapping()
            return bool(answering())

        if not self.stopper.wait_for(probe, seconds=seconds, every=0.2):
            raise Trouble(
                f"{name} did not answer within {seconds:g} s;"
                f" what was said stands in {self.folder.logs}."
            )

    def watch(self) -> None:
        """Until somebody asks us to stop."""
        while True:
            self.look()
            self.stopper.pause(0.2)

    def end_all(self) -> None:
        for together in STOP_ORDER:
            ending = [self.children[name] for name in together if name in self.children]
            for child in ending:
                child.ask_to_end()
            for child in ending:
                child.end()
        self.folder.processes_file.unlink(missing_ok=True)

    def _record(self) -> None:
        records = [record for child in self.children.values() if (record := child.as_record())]
        write_json(self.folder.processes_file, {"children": records})
