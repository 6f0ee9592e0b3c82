"""One trial from inside: who acts, the load, the settling, the verdict and its table."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from common import clock
from common.snapshot import snapshot
from grids.models import Person, Post, PostKind, Scope
from grids.tokens import make_token
from notices.models import Endpoint
from tests.chaos.clerk import Clerk
from tests.chaos.findings import LOST, WRONG, Edited, Evidence, Fault, Finding, Heard
from tests.chaos.judge import judge
from tests.chaos.load import DROUGHT, Load
from tests.chaos.pace import slow
from tests.chaos.receiver import SECRET, Ear, Mailbox, Receiver
from tests.chaos.settling import settle, waiting
from tests.chaos.table import written
from tests.chaos.trips import DESK, LEADER, OTHER_DESK, SHIFT, Cast
from tests.servers.plain import running
from tickets.models import Event, Ticket

STREET = "330102003"
STAFF = (DESK, OTHER_DESK, SHIFT, LEADER)
WITH_MAIL = (SHIFT, LEADER, "cg_003_head")
HEALING = 900.0
LOOKS = 20


@dataclass
class Trial:
    """审理."""

    url: str
    folder: Path
    seed: int
    rate: float
    is_long: bool
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> int:
        """0: nothing lost, nothing doubled, nothing wrong."""
        with (
            running(Receiver()) as receiver,
            running(Mailbox(settings.HUBIN_EMAIL_URL)) as mailbox,
            self._clerk() as clerk,
        ):
            self._outside(receiver)
            first = _last(Ticket), _last(Event)
            load = self._load()
            self._until("may-run")
            (self.folder / "load-runs").touch()
            load.run()
            self.findings += [Finding(LOST, f"stuck: {said}") for said in load.stuck]
            if load.longest_pause > DROUGHT:
                self.findings.append(
                    Finding(WRONG, f"no new ticket for {load.longest_pause:.0f} s")
                )
            (self.folder / "load-done").touch()
            self._until("healed")
            receiver.ear.is_healed = mailbox.ear.is_healed = True
            self._judge(receiver.ear, mailbox.ear, clerk, first)
        return 1 if self.findings else 0

    def _judge(self, hooks: Ear, mails: Ear, clerk: Clerk, first: tuple[int, int]) -> None:
        """In one view in which nothing waits: what sweeps do by the minute goes on beside it."""
        at, looks = clock.now(), 0
        while True:
            left, looks = settle(at, with_dates=self.is_long), looks + 1
            since = time.monotonic()
            with snapshot():
                if not left and looks < LOOKS and waiting(at, with_dates=self.is_long):
                    continue
                said = (f"still waiting: {count} {kind}" for kind, count in left.items())
                self.findings += [Finding(LOST, one) for one in said]
                evidence = Evidence(
                    self._lines("verb"), list(hooks.heard), list(mails.heard), self._faults(),
                    list(clerk.edits), *first, viewed_at=since,
                )  # fmt: skip
                self._keep(evidence)
                self.findings += judge(evidence, at=at)
                self._tell(evidence)
                return

    def _tell(self, evidence: Evidence) -> None:
        asked = self._lines("took")
        self.findings += slow(asked, evidence.faults)
        fresh = self.folder / "table.new"
        words = written(self.seed, evidence, asked, self.findings)
        fresh.write_text(words, encoding="utf-8")
        fresh.replace(self.folder / "table.txt")

    def _outside(self, receiver: Receiver) -> None:
        """Another system, and some who have a mailbox; all others have none."""
        Endpoint.objects.create(
            kind="WEBHOOK", name="对接", url=f"{receiver.url}/hook", secret=SECRET,
            rate_per_minute=30_000,
        )  # fmt: skip
        Person.objects.exclude(username__in=WITH_MAIL).update(email="")

    @contextmanager
    def _clerk(self) -> Any:
        clerk = Clerk(self.folder)
        thread = threading.Thread(target=clerk.run, daemon=True)
        thread.start()
        try:
            yield clerk
        finally:
            clerk.over.set()
            thread.join()

    def _load(self) -> Load:
        at = clock.now()
        cast = Cast(
            _by_unit((PostKind.HANDLER, PostKind.UNIT_CLERK)), _by_unit((PostKind.UNIT_HEAD,)),
            tuple(
                Post.objects.filter(
                    kind__in=(PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD),
                    division__code__in=(f"{STREET}050", f"{STREET}050001"),
                ).values_list("person__username", flat=True)
            ),
        )  # fmt: skip
        names = {*STAFF, *cast.handlers.values(), *cast.heads.values(), *cast.walkers}
        people = Person.objects.filter(username__in=names)
        tokens = {
            one.username: make_token(one, "chaos", list(Scope.values), at=at, days=366)[1]
            for one in people
        }
        return Load(self.url, self.folder, self.seed, self.rate, tokens, cast, clock.now)

    def _until(self, name: str) -> None:
        until, pause = time.monotonic() + HEALING, threading.Event()
        while not (self.folder / name).exists() and time.monotonic() < until:
            pause.wait(0.1)

    def _lines(self, having: str, file: str = "answers.jsonl") -> list[dict[str, Any]]:
        lines = (self.folder / file).read_text(encoding="utf-8").splitlines()
        return [line for line in map(json.loads, lines) if having in line]

    def _keep(self, evidence: Evidence) -> None:
        """For whoever looks into what was found."""
        came: list[Heard | Edited] = [
            *(evidence.hooks or ()), *(evidence.mails or ()), *evidence.edits,
        ]  # fmt: skip
        lines = (json.dumps(asdict(one), default=str) + "\n" for one in came)
        (self.folder / "heard.jsonl").write_text("".join(lines), encoding="utf-8")

    def _faults(self) -> list[Fault]:
        return [
            Fault(one["fault"], one["began"], one["struck"], one["ended"])
            for one in self._lines("fault", "faults.jsonl")
        ]


def _by_unit(kinds: tuple[str, ...]) -> dict[str, str]:
    posts = Post.objects.filter(kind__in=kinds, unit__isnull=False)
    rows = posts.order_by("kind", "pk").values_list("unit__code", "person__username")
    return {unit: name for unit, name in rows if unit}


def _last(model: Any) -> int:
    found: int | None = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return found or 0
