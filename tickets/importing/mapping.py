"""From a row to a message: text, times, place and category as the profile says."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from common.listing import listed
from grids.datum import to_wgs84
from grids.locate import locate
from tickets import law
from tickets.actions import Place
from tickets.importing.profile import Choice, Profile
from tickets.importing.spreading import Spread
from tickets.importing.table import Row
from tickets.importing.times import moment
from tickets.importing.values import is_spoiled
from tickets.models import Category, Ticket

ID_LIMIT = Ticket._meta.get_field("source_id").max_length or 120


@dataclass(frozen=True, slots=True)
class Message:
    """来文: one row as the chain wants it."""

    source_id: str
    text: str
    category: Category | None
    nature: str
    origin: str
    reported_at: datetime
    closed_at: datetime | None
    place: Place


class Mapper:
    """对照: rows of one table to messages. Raises `Invalid` saying what is wrong with a row."""

    def __init__(self, profile: Profile, total: int, *, at: datetime) -> None:
        self.profile = profile
        self._total = total
        self._at = at
        self._spread = Spread(clock.local(at).date()) if profile.where.spread else None
        self._categories = _categories(profile)

    def message(self, row: Row, nth: int) -> Message:
        """来文: of the nth row, counted from 0."""
        if row.fault:
            raise Invalid(row.fault)
        cells = {name: row.cells[name].strip() for name in self.profile.columns}
        for name, cell in cells.items():
            if "\x00" in cell:
                raise Invalid(_("列 %(column)s 里有不能保存的控制字符。") % {"column": name})
        source_id = self.source_id(row)
        chosen = self._choose(self.profile.category, cells)
        return Message(
            source_id=source_id,
            text=self._text(cells),
            category=self._categories.get(chosen),
            nature=self._choose(self.profile.nature, cells),
            origin=self._choose(self.profile.origin, cells),
            reported_at=self._reported_at(cells, nth),
            closed_at=self._time(cells, self.profile.times.closed),
            place=self._place(cells, source_id),
        )

    def source_id(self, row: Row) -> str:
        """来源编号: the column, or the digest of what stands in `id_from`."""
        if self.profile.id_from:
            said = "\x1f".join(row.cells[name] for name in self.profile.id_from)
            return hashlib.sha256(said.encode()).hexdigest()
        found = row.cells[self.profile.id].strip()
        if is_spoiled(found):
            raise Invalid(
                _(
                    "列 %(column)s 的“%(cell)s”是被表格软件改成科学计数的编号，原来的数字已不全；"
                    "请从来源系统重新导出，把这一列设为文本。"
                )
                % {"column": self.profile.id, "cell": found[:40]}
            )
        if not found or len(found) > ID_LIMIT:
            raise Invalid(
                _("列 %(column)s 应是 1 到 %(most)s 字的编号。")
                % {"column": self.profile.id, "most": ID_LIMIT}
            )
        return found

    def _text(self, cells: dict[str, str]) -> str:
        parts = dict.fromkeys(cells[name] for name in self.profile.text)
        return "\n".join(part for part in parts if part)

    def _choose(self, choice: Choice, cells: dict[str, str]) -> str:
        for name in choice.columns:
            found = choice.map.get(cells[name])
            if found is not None:
                return found
        if choice.columns and not choice.default:
            raise Invalid(
                _("来源格式里没有列 %(columns)s 的值“%(value)s”。")
                % {
                    "columns": listed(choice.columns),
                    "value": listed(cells[name][:40] for name in choice.columns),
                }
            )
        return choice.default

    def _reported_at(self, cells: dict[str, str], nth: int) -> datetime:
        times = self.profile.times
        if times.begin is not None and times.end is not None:
            return (times.begin + (times.end - times.begin) * nth / self._total).astimezone(UTC)
        found = self._time(cells, times.reported)
        if found is None:
            raise Invalid(_("列 %(column)s 没有时间。") % {"column": times.reported})
        return found

    def _time(self, cells: dict[str, str], column: str) -> datetime | None:
        return moment(cells[column] if column else "", column, self.profile.times)

    def _place(self, cells: dict[str, str], source_id: str) -> Place:
        where = self.profile.where
        address = cells[where.address] if where.address else ""
        lat, lng = (_number(cells, name) for name in (where.lat, where.lng))
        if lat is not None and lng is not None:
            place = Place(lat=lat, lng=lng, datum=where.datum, address=address)
            point = to_wgs84(lat, lng, where.datum)
            if self._spread is None or not locate(*point, at=self._at).is_outside:
                return place
        if self._spread is not None:
            return self._spread.place(source_id)
        if lat is not None or lng is not None:
            empty = where.lng if lng is None else where.lat
            raise Invalid(_("列 %(column)s 空着：经纬度要么都有，要么都没有。") % {"column": empty})
        return Place(address=address)


def _number(cells: dict[str, str], column: str) -> float | None:
    cell = cells[column] if column else ""
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        raise Invalid(
            _("列 %(column)s 的“%(cell)s”不是数字。") % {"column": column, "cell": cell[:40]}
        ) from None


def _categories(profile: Profile) -> dict[str, Category]:
    wanted = {profile.category.default, *profile.category.map.values()} - {""}
    usable = {row.code: row for row in law.categories().values() if row.parent_id and row.is_active}
    unknown = sorted(wanted - set(usable))
    if unknown:
        raise Invalid(
            _(
                "来源格式“%(name)s”里的类别 %(codes)s 不在规则表中，或不是在用的小类。"
                "请先用 load_law 载入规则，或改正来源格式。"
            )
            % {"name": profile.name, "codes": listed(unknown)},
            field="profile",
        )
    return usable
