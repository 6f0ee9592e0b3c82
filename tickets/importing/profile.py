"""A profile: the small file that says how the columns of a table are to be understood."""

import codecs
import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.listing import listed
from grids.datum import Datum
from tickets.words import Nature, Origin

FOLDER = Path(__file__).resolve().parents[1] / "profiles"
NAME = re.compile(r"[a-z0-9_]{1,40}")
CHOICES = ("category", "nature", "origin")
APART = ("calendar", "targets")
TEXTS = ("id", "encoding", "delimiter")


@dataclass(frozen=True, slots=True)
class Choice:
    """取值: the first of `columns` whose cell stands in `map`, else `default`; "" is none."""

    columns: tuple[str, ...] = ()
    map: dict[str, str] = field(default_factory=dict)
    default: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """时间: columns in a format and a zone, or a period over which the rows are spaced evenly."""

    zone: ZoneInfo
    format: str = "iso"
    reported: str = ""
    closed: str = ""
    begin: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """地点: columns of a point and an address; `spread` places whoever lies in no grid."""

    lat: str = ""
    lng: str = ""
    datum: str = "WGS84"
    address: str = ""
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """来源格式: everything about a kind of table."""

    name: str
    text: tuple[str, ...]
    times: Times
    where: Where
    id: str = ""
    id_from: tuple[str, ...] = ()
    category: Choice = Choice()
    nature: Choice = Choice(default=Nature.HELP)
    origin: Choice = Choice(default=Origin.RESIDENT)
    encoding: str = ""
    """Empty: found out."""
    delimiter: str = ""
    """Empty: the one that shows the columns."""
    more: dict[str, Any] = field(default_factory=dict)
    """What an import does not ask: [calendar] and [targets], read by `check_targets`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns a file must have."""
        named = (
            self.id, *self.id_from, *self.text, self.times.reported, self.times.closed,
            self.where.lat, self.where.lng, self.where.address,
            *self.category.columns, *self.nature.columns, *self.origin.columns,
        )  # fmt: skip
        return tuple(dict.fromkeys(name for name in named if name))


def known_profiles() -> list[str]:
    """已有格式: names of the profiles that come with Hubin."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Profile:
    """读取格式: by name, or a path ending in .toml. Raises `Invalid` with what is wrong in it."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not NAME.fullmatch(path.stem) or not path.is_file():
        raise Invalid(
            _("没有来源格式“%(name)s”。可用的有：%(known)s；也可以给出一个 .toml 文件的路径。")
            % {"name": name, "known": listed(known_profiles())},
            field="profile",
        )
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        _refuse(path.stem, str(error))
    return _build(path.stem, found)


def _build(name: str, found: dict[str, Any]) -> Profile:
    given: dict[str, Any] = {}
    try:
        given |= {key: _choice(found.pop(key), key) for key in CHOICES if key in found}
        given |= {key: str(found.pop(key)) for key in TEXTS if key in found}
        profile = Profile(
            name=name,
            text=_names(found.pop("text")),
            times=_times(found.pop("times")),
            where=_part(Where, found.pop("place")),
            id_from=_names(found.pop("id_from", [])),
            more={key: found.pop(key) for key in APART if key in found},
            **given,
        )
        _check(profile)
    except KeyError as error:
        _refuse(name, _("缺少 %(key)s") % {"key": error})
    except (TypeError, ValueError, LookupError) as error:
        _refuse(name, str(error))
    if found:
        _refuse(name, _("不认识 %(keys)s") % {"keys": listed(found)})
    return profile


def _check(profile: Profile) -> None:
    if profile.encoding:
        codecs.lookup(profile.encoding)
    Datum(profile.where.datum)
    if bool(profile.id) == bool(profile.id_from):
        raise ValueError(_("id 和 id_from 要填且只填一个"))
    if not profile.text:
        raise ValueError(_("text 至少要有一列"))
    if len(profile.delimiter) > 1:
        raise ValueError(_("delimiter 应是一个字符"))
    if bool(profile.where.lat) != bool(profile.where.lng):
        raise ValueError(_("place.lat 和 place.lng 要一起填"))
    if not (profile.where.lat or profile.where.address or profile.where.spread):
        raise ValueError(_("place 要有 lat 和 lng，或 address，或 spread = true"))
    for choice, known in ((profile.nature, Nature), (profile.origin, Origin)):
        for value in (choice.default, *choice.map.values()):
            known(value)


def _part(kind: type[Any], found: dict[str, Any]) -> Any:
    known = {one.name: one.type for one in fields(kind)}
    unknown = set(found) - set(known)
    if unknown:
        raise ValueError(_("不认识 %(keys)s") % {"keys": listed(sorted(unknown))})
    for key, value in found.items():
        if known[key] in (str, bool) and not isinstance(value, known[key]):  # type: ignore[arg-type]
            raise ValueError(_("%(key)s 的值 %(value)s 不对") % {"key": key, "value": value})
    return kind(**found)


def _choice(found: dict[str, Any], key: str) -> Choice:
    columns = _names(found.pop("columns", []))
    table = {str(cell): str(value) for cell, value in found.pop("map", {}).items()}
    default = str(found.pop("default", ""))
    if found:
        raise ValueError(_("%(part)s 里不认识 %(keys)s") % {"part": key, "keys": listed(found)})
    return Choice(columns, table, default)


def _times(found: dict[str, Any]) -> Times:
    zone = _zone(str(found.pop("zone", settings.TIME_ZONE)))
    begin, end = (_midnight(found.pop(key, None), zone) for key in ("begin", "end"))
    times: Times = _part(Times, {**found, "zone": zone, "begin": begin, "end": end})
    if bool(times.reported) == bool(begin):
        raise ValueError(_("times 要有 reported 一列，或 begin 和 end 一段时期"))
    if begin and (end is None or end <= begin):
        raise ValueError(_("times.end 要在 begin 之后"))
    return times


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(_("没有时区 %(zone)s") % {"zone": name}) from None


def _midnight(day: Any, zone: ZoneInfo) -> datetime | None:
    if day is None:
        return None
    if isinstance(day, datetime):
        return day if day.tzinfo else day.replace(tzinfo=zone)
    if isinstance(day, date):
        return datetime.combine(day, time(), zone)
    raise ValueError(_("begin 和 end 应是日期，如 2026-01-31"))


def _names(found: Any) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(str(name) for name in found)


def _refuse(name: str, error: str) -> NoReturn:
    raise Invalid(
        _("来源格式“%(name)s”有误：%(error)s。请改正后重试。") % {"name": name, "error": error},
        field="profile",
    )
