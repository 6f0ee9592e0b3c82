"""Invented units, people and posts for the demo district. Nobody here is real."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

DISTRICT = "330102000000"
BUREAUS = {
    "CG": "区城市管理局(综合行政执法局)",
    "CL": "区残疾人联合会",
    "FG": "区发展改革和经济信息化局",
    "GA": "区公安分局",
    "GZ": "规划和自然资源分局",
    "HB": "生态环境分局",
    "JJ": "公安交警大队",
    "JY": "区教育局",
    "MZ": "区民政局",
    "RS": "区人力资源和社会保障局",
    "SF": "区司法局",
    "SJ": "区市场监督管理局",
    "SJJ": "区数据资源管理局",
    "SW": "区商务局",
    "SW2": "区水务(城管)单位",
    "TY": "区退役军人事务局",
    "WJ": "区卫生健康局",
    "WL": "区文化和广电旅游体育局",
    "XA": "区信访局",
    "XF": "区消防救援大队",
    "YJ": "区应急管理局",
    "ZJ": "区住房和城乡建设局",
}
CENTRE = ("ZW", "区社会治理中心")
SQUADS = {"CG": "综合行政执法中队", "GA": "派出所", "SJ": "市场监督管理所"}
SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严金魏陶姜戚谢邹章苏潘葛范彭鲁韦马方任袁"
GIVEN = "安柏宸初丹恩帆谷禾嘉景康岚霖敏宁佩琪然睿舒棠婉汐潇晓欣颜怡毅悦云泽芷舟卓子梓诺"


@dataclass
class Cast:
    """人物表: rows of units.csv, people.csv and posts.csv, in order."""

    units: list[tuple[str, ...]] = field(default_factory=list)
    people: list[tuple[str, ...]] = field(default_factory=list)
    posts: list[tuple[str, ...]] = field(default_factory=list)
    names: Iterator[str] = field(default_factory=lambda: invented_names(Random(330102)))

    def person(self, username: str, *, is_active: bool = True) -> str:
        row = (username, next(self.names), f"{username}@hubin.example", str(int(is_active)))
        self.people.append(row)
        return username

    def post(self, username: str, kind: str, *, unit: str = "", division: str = "") -> None:
        self.posts.append((username, kind, unit, division))

    def unit(self, code: str, name: str, kind: str, parent: str, divisions: str) -> None:
        """承办单位, with a clerk, handlers and a head; small ones have one handler."""
        phone = f"0571-8700{1000 + len(self.units):04d}"
        self.units.append((code, name, kind, parent, divisions, phone))
        stem = code.lower().replace("-", "_")
        self.post(self.person(f"{stem}_clerk"), "UNIT_CLERK", unit=code)
        for number in range(1, 2 if kind == "COMMUNITY" else 3):
            self.post(self.person(f"{stem}_handler_{number}"), "HANDLER", unit=code)
        self.post(self.person(f"{stem}_head"), "UNIT_HEAD", unit=code)


def invented_names(random: Random) -> Iterator[str]:
    """Common surname and two characters, no name twice."""
    seen: set[str] = set()
    while True:
        name = random.choice(SURNAMES) + "".join(random.sample(GIVEN, 2))
        if name not in seen:
            seen.add(name)
            yield name


def cast(streets: dict[str, str], communities: dict[str, str], grids: list[str]) -> Cast:
    """Everybody; `streets` and `communities` are code -> name."""
    made = Cast()
    _units(made, streets, communities)
    _desks(made, streets)
    for code in communities:
        made.post(made.person(f"lead_{code[6:]}"), "COMMUNITY_LEAD", division=code)
    for code in grids:
        made.post(made.person(f"gw_{code[6:]}"), "GRID_WORKER", division=code)
    # one handler serves two squads; one has left and keeps the post on paper only
    made.post("cg_008_handler_1", "HANDLER", unit="CG-009")
    made.post(made.person("cg_001_handler_3", is_active=False), "HANDLER", unit="CG-001")
    return made


def _units(made: Cast, streets: dict[str, str], communities: dict[str, str]) -> None:
    for code, name in BUREAUS.items():
        made.unit(code, name, "BUREAU", "", "")
    made.unit(*CENTRE, "CENTRE", "", "")
    for bureau, kind in SQUADS.items():
        for street, name in streets.items():
            short = name.removesuffix("街道")
            made.unit(f"{bureau}-{street[6:9]}", f"{short}{kind}", "SQUAD", bureau, street)
    for street, name in streets.items():
        made.unit(f"JD-{street[6:9]}", f"{name}办事处", "SUBDISTRICT_OFFICE", "", street)
    for code, name in communities.items():
        office = f"JD-{code[6:9]}"
        made.unit(f"SQ-{code[6:]}", f"{name}居民委员会", "COMMUNITY", office, code)


def _desks(made: Cast, streets: dict[str, str]) -> None:
    for place in [DISTRICT, *streets]:
        short = place[6:9]
        for number in (1, 2):
            made.post(made.person(f"desk_{short}_{number}"), "DESK", division=place)
        for number in (1, 2) if place == DISTRICT else (1,):
            made.post(made.person(f"shift_{short}_{number}"), "SHIFT_LEADER", division=place)
        made.post(made.person(f"leader_{short}"), "LEADER", division=place)
    for number in (1, 2):
        made.post(made.person(f"inspector_{number}"), "INSPECTOR", division=DISTRICT)
    made.post(made.person("auditor"), "AUDITOR", division=DISTRICT)
    made.post(made.person("admin"), "ADMIN", division=DISTRICT)
