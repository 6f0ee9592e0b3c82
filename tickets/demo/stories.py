"""One invented matter after another, told through the real actions."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from common import clock
from common.actors import SYSTEM, Actor
from grids import workdays
from grids.models import Building, Person, PostKind, Unit
from tickets import actions
from tickets.actions import timing
from tickets.actions._born import Place
from tickets.attachments.samples import sample, settled
from tickets.cast import Cast
from tickets.keys import open_key
from tickets.models import Category, Reporter, Ticket
from tickets.states import State
from tickets.words import FileKind, Origin, Source, VerifyBy

NOTE = "已到场处置，现场情况与拟答复一致。"
MOST_STARS = 5
THANKS = {5: "处理得很快，谢谢。", 4: "已经解决了，就是等了几天。", 3: "基本解决。"}
SHOWS = frozenset({Source.PAGE, Source.QR, Source.GRID_APP})
BY_PHONE = frozenset({Source.PHONE, Source.VISIT})


class Story:
    """One row: a ticket on its way, with a time that moves on and never passes now."""

    def __init__(self, row: dict[str, str], cast: Cast, told: dict[str, "Story"]) -> None:
        self.row = row
        self.cast = cast
        self.told = told
        self.nth = len(told) + 1
        self.at = self._begin()
        self.building = Building.objects.select_related("division").get(code=row["building"])
        self.token = ""
        self.ticket: Ticket

    def _begin(self) -> datetime:
        zone = ZoneInfo(settings.TIME_ZONE)
        here = clock.local(self.cast.now)
        day = here.date() - timedelta(days=int(self.row["days"]))
        start = datetime.combine(day, time.fromisoformat(self.row["time"]), zone)
        # in the early morning the stories of today are those of yesterday
        late = start > here - timedelta(hours=1)
        return start - timedelta(days=1) if late else start

    def later(self, minutes: int) -> datetime:
        """稍后: so many minutes on, or more where it goes slowly."""
        minutes = round(minutes * float(self.row.get("pace", 1)))
        self.at = min(self.at + timedelta(minutes=minutes), self.cast.now)
        timing.live(self.ticket, until=self.at)
        return self.at

    # who acts

    @property
    def desk(self) -> Person:
        return self.cast.find(PostKind.DESK, division=self.ticket.subdistrict)

    @property
    def other_desk(self) -> Person:
        return self.cast.find(PostKind.DESK, division=self.ticket.subdistrict, nth=1)

    @property
    def shift_leader(self) -> Person:
        return self.cast.find(PostKind.SHIFT_LEADER, division=self.ticket.subdistrict)

    @property
    def leader(self) -> Person:
        return self.cast.find(PostKind.LEADER, division=self.ticket.subdistrict)

    @property
    def grid_worker(self) -> Person:
        return self.cast.find(PostKind.GRID_WORKER, division=self.building.division)

    @property
    def handler(self) -> Person:
        return self.ticket.handler or self.cast.find(PostKind.HANDLER, unit=self.ticket.unit)

    @property
    def head(self) -> Person:
        return self.cast.find(PostKind.UNIT_HEAD, unit=self.ticket.unit)

    # how far it goes

    def reported(self) -> None:
        """上报."""
        row = self.row
        source = Source(row["source"])
        category = Category.objects.get(code=row["category"])
        origin, by = self._origin(source)
        reporter = Reporter.build(name=row["reporter"], phone=row["phone"])
        self.ticket, self.token = actions.report(
            by=by, at=self.at, text=row["text"], place=Place(building=self.building),
            source=source, origin=origin, nature=row["nature"], category=category,
            reporter=reporter if row["reporter"] else None, is_on_behalf=source in BY_PHONE,
            files=[sample(FileKind.NEAR, self.nth)] if source in SHOWS else (),
        )  # fmt: skip

    def _origin(self, source: Source) -> tuple[Origin, Actor]:
        if source == Source.GRID_APP:
            return Origin.PATROL, self.grid_worker
        if source == Source.SENSOR:
            return Origin.MACHINE, SYSTEM
        street = self.building.division.subdistrict
        return Origin.RESIDENT, self.cast.find(PostKind.DESK, division=street)

    def accepted(self) -> None:
        """受理."""
        self.reported()
        actions.accept(self.ticket, by=self.desk, at=self.later(14))

    def dispatched(self) -> None:
        """派单."""
        self.accepted()
        actions.route(self.ticket, at=self.later(1))

    def handling(self) -> None:
        """签收."""
        self.dispatched()
        actions.claim(self.ticket, by=self.handler, at=self.later(12))

    def resolved(self) -> None:
        """办结."""
        self.handling()
        self._resolve()

    def _resolve(self) -> None:
        answer = self.row["answer"] if self.ticket.must_answer else ""
        actions.resolve(
            self.ticket, by=self.handler, at=self.later(75), result="DONE", note=NOTE,
            proposed_answer=answer, files=[sample(FileKind.AFTER, self.nth)],
        )  # fmt: skip

    def verified(self) -> None:
        """核查."""
        self.resolved()
        self._verify()

    def _verify(self) -> None:
        is_site = self.ticket.verify_by == VerifyBy.SITE
        by = self.grid_worker if is_site else self.desk
        actions.verify(self.ticket, by=by, at=self.later(40))

    def replied(self) -> None:
        """答复."""
        self.verified()
        self._reply()

    def _reply(self) -> None:
        actions.reply(
            self.ticket, by=self.other_desk, at=self.later(25), final_answer=self.row["answer"]
        )

    def _rate(self, stars: int, comment: str, *, is_solved: bool = True, reason: str = "") -> None:
        at = self.later(95)
        actions.rate(
            self.ticket, by=open_key(self.token, at=at)[0], at=at, stars=stars,
            is_solved=is_solved, rate_reason=reason, comment=comment,
        )  # fmt: skip

    def closed(self) -> None:
        """评价，结案."""
        self.replied()
        stars = int(self.row.get("stars", 5))
        self._rate(stars, THANKS[stars], reason="FAST" if stars == MOST_STARS else "")

    def unrated(self) -> None:
        """未评价，到期结案."""
        self.replied()
        over = self.ticket.due_at
        if over is not None and over < self.cast.now:
            timing.live(self.ticket, until=over)
            actions.close(self.ticket, by=SYSTEM, at=over)

    def contested(self) -> None:
        """不满意，待复核."""
        self.replied()
        self._rate(2, "泡沫还在，只是换到晚上排了。", is_solved=False, reason="NOT_SOLVED")

    def upheld(self) -> None:
        """维持原办理结果."""
        self.replied()
        self._rate(2, "味道小了一些，但还是有。", reason="SLOW")
        text = f"经复核，原办理结果属实: {self.row['answer']}"
        actions.uphold(self.ticket, by=self.desk, at=self.later(60), answer=text)

    def second_cycle(self) -> None:
        """重办: dispatched by hand to the former unit, and in its hands again."""
        self.replied()
        self._rate(1, "隔断又装回去了。", is_solved=False, reason="NOT_SOLVED")
        unit = self.ticket.unit
        assert unit is not None
        actions.reopen(
            self.ticket, by=self.desk, at=self.later(50), reason="NOT_SOLVED",
            text="诉求人反映隔断已恢复，现场照片属实。",
        )  # fmt: skip
        actions.dispatch(self.ticket, by=self.desk, at=self.later(5), unit=unit)
        actions.claim(self.ticket, by=self.handler, at=self.later(20))

    def answered(self) -> None:
        """直接答复."""
        self.reported()
        actions.answer(self.ticket, by=self.desk, at=self.later(18), answer=self.row["answer"])

    def confirm_asked(self) -> None:
        """请网格员核实."""
        self.reported()
        actions.confirm(self.ticket, by=self.desk, at=self.later(10))

    def merged(self) -> None:
        """并单."""
        self.reported()
        target = self.told[self.row["other"]].ticket
        actions.merge(self.ticket, by=self.desk, at=self.later(15), target=target)

    def withdrawn(self) -> None:
        """撤回."""
        self.accepted()
        at = self.later(20)
        key = open_key(self.token, at=at)[0]
        actions.withdraw(self.ticket, by=key, at=at, text="物业已经修好了。")

    def decline_asked(self) -> None:
        """不予受理，待第二人同意."""
        self.reported()
        actions.decline(
            self.ticket, by=self.desk, at=self.later(20), reason="BEYOND",
            answer=self.row["answer"],
        )  # fmt: skip

    def declined(self) -> None:
        """不予受理."""
        self.reported()
        actions.decline(
            self.ticket, by=self.desk, at=self.later(20), reason="LAWSUIT",
            answer=self.row["answer"],
        )  # fmt: skip
        self._grant(self.shift_leader)

    def voided(self) -> None:
        """作废."""
        self.reported()
        actions.void(
            self.ticket, by=self.desk, at=self.later(9), reason="DUPLICATE", text="重复录入。"
        )
        self._grant(self.shift_leader)

    def extension_asked(self) -> None:
        """申请延期."""
        self.handling()
        actions.extend(
            self.ticket, by=self.handler, at=self.later(30), days=3, reason="MATERIAL",
            text="灯杆需要定制，厂家三天后到货。",
        )  # fmt: skip

    def suspended(self) -> None:
        """挂账."""
        self.handling()
        day = clock.local(self.cast.now).date() + timedelta(days=30)
        actions.suspend(
            self.ticket, by=self.handler, at=self.later(60), resume_on=day, reason="BUDGET",
            text="管道须整体更换，已列入下月维修计划。",
        )  # fmt: skip
        self._grant(self.leader)

    def sent_back(self) -> None:
        """退单: waits for a person to dispatch it."""
        self.dispatched()
        actions.claim(self.ticket, by=self.handler, at=self.later(10))
        actions.send_back(
            self.ticket, by=self.handler, at=self.later(25), reason="NEEDS_OTHER",
            text="店内违规由市场监管主办更合适，中队可以协办。",
        )  # fmt: skip
        self._grant(self.shift_leader)

    def _grant(self, by: Person) -> None:
        approval = self.ticket.approvals.get(state="PENDING")
        if approval.needs_countersign:
            actions.countersign(approval, by=self.head, at=self.later(15))
        actions.grant(approval, by=by, at=self.later(15))
        self.ticket.refresh_from_db()

    def assist(self) -> None:
        """协办."""
        self.handling()
        office = Unit.objects.get(code="JD-" + self.building.division.code[6:9])
        actions.enlist(
            self.ticket, by=self.handler, at=self.later(20), unit=office,
            question="请街道联系车主认领无牌三轮车，并安排大件垃圾清运。",
        )  # fmt: skip

    def urgent_handling(self) -> None:
        """紧急: accepted and dispatched at once, the handler is on the spot."""
        self.system_dispatched()
        actions.claim(self.ticket, by=self.handler, at=self.later(4))
        point = (self.building.lat, self.building.lng)
        actions.arrive(
            self.ticket, by=self.handler, at=self.later(14), position=point,
            files=[sample(FileKind.BEFORE, self.nth)],
        )  # fmt: skip

    def system_dispatched(self) -> None:
        """系统受理派单."""
        self.reported()
        actions.accept(self.ticket, by=SYSTEM, at=self.later(1))
        actions.route(self.ticket, at=self.later(1))

    def supervised(self) -> None:
        """督办，催办，询问."""
        self.urgent_handling()
        at = self.later(30)
        key = open_key(self.token, at=at)[0]
        actions.urge(self.ticket, by=key, at=at, text="天黑了看不见，请先围起来。")
        day = workdays.of_office(clock.local(self.cast.now).date() + timedelta(days=1))
        actions.supervise(
            self.ticket, by=self.leader, at=self.later(20), due_on=day,
            demand="先围护后更换，下一个工作日下班前反馈结果。",
        )  # fmt: skip
        actions.inquire(
            self.ticket, by=self.handler, at=self.later(15),
            question="井盖是靠近公交站的一侧，还是靠近小区门口的一侧?",
        )  # fmt: skip

    def settled(self) -> None:
        """自行处置."""
        self.ticket = actions.settle(
            by=self.grid_worker, at=self.at, text=self.row["text"],
            place=Place(building=self.building), result=self.row["answer"], files=settled(self.nth),
            category=Category.objects.get(code=self.row["category"]),
        )  # fmt: skip

    def patrol_closed(self) -> None:
        """主动发现，核查后结案."""
        self.resolved()
        self._verify()
        assert self.ticket.state == State.CLOSED


ENDINGS: dict[str, Callable[[Story], None]] = {
    name: getattr(Story, name)
    for name in (
        "answered", "assist", "closed", "confirm_asked", "contested", "decline_asked",
        "declined", "dispatched", "extension_asked", "handling", "merged", "patrol_closed",
        "replied", "reported", "resolved", "second_cycle", "sent_back", "settled", "supervised",
        "suspended", "system_dispatched", "unrated", "upheld", "urgent_handling", "verified",
        "voided",
        "withdrawn",
    )
}  # fmt: skip
