"""A hundred real messages, else invented ones, through the whole chain; both audits after."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import environ
import psycopg
import pytest

from tests.fixtures import messages

ROOT = Path(__file__).resolve().parents[2]
# real messages stand beside the checkout where there are any; they are never part of it
REAL = ROOT.parent / "shared" / "data" / "complaints" / "messages_labelled.csv"
COUNT = 300 if os.environ.get("HUBIN_TEST_FULL") == "1" else 100
NAME = f"hubin_replay_test_{os.getpid()}"
RATE = re.compile(
    r"^按时\S+率 (accept|claim|resolve|reply) 0\.\d{4} \((\d+)/(\d+)\)$", re.MULTILINE
)

pytestmark = pytest.mark.xdist_group("replay")


@dataclass(frozen=True)
class Ran:
    status: int
    said: str
    complained: str

    def number(self, pattern: str) -> int:
        found = re.search(pattern, self.said)
        assert found, self.said + self.complained
        return int(found[1])


def surroundings() -> dict[str, str]:
    """The application's role acts where there is one; only the owner makes databases."""
    given = {"DJANGO_SETTINGS_MODULE": "hubin.settings.test", **os.environ}
    owner = given.get("DATABASE_OWNER_URL") or given["DATABASE_URL"]
    app = given.get("HUBIN_TEST_APP_URL") or owner
    return {**given, "DATABASE_OWNER_URL": owner, "DATABASE_URL": app}


def replay(path: Path, *words: str) -> Ran:
    command = [sys.executable, "manage.py", "replay", str(path), "--profile", "complaints"]
    done = subprocess.run(
        [*command, "--database", NAME, *words], cwd=ROOT, env=surroundings(), check=False,
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    invented = tmp_path_factory.mktemp("replay") / "messages.csv"
    path = REAL if REAL.is_file() else messages.write(invented, COUNT)
    return replay(path, "--limit", str(COUNT))


@pytest.fixture
def admin() -> Iterator[psycopg.Connection]:
    found = environ.Env.db_url_config(surroundings()["DATABASE_OWNER_URL"])
    given = {"host": found["HOST"], "port": found["PORT"], "dbname": found["NAME"]}
    whom = {"user": found["USER"], "password": found["PASSWORD"]}
    with psycopg.connect(**given, **whom, autocommit=True) as connection:
        yield connection


def test_it_goes_through_clean(ran: Ran) -> None:
    assert ran.status == 0, ran.said + ran.complained


def test_no_message_is_lost_on_the_way(ran: Ran) -> None:
    assert ran.number(r"来文 (\d+)") == COUNT
    assert ran.number(r"工单 (\d+)，来文") >= COUNT
    assert "退回的行 0，未能上报 0" in ran.said


def test_every_ticket_comes_to_an_end(ran: Ran) -> None:
    assert ran.number(r"未结束的工单 (\d+)") == 0
    assert ran.number(r"已结束的工单 (\d+)") >= COUNT


def test_the_record_is_verified_and_sealed(ran: Ran) -> None:
    assert ran.number(r"破绽 (\d+)") == 0
    assert ran.number(r"尚未封存的工单 (\d+)") == 0
    assert ran.number(r"流转记录 (\d+)") > 5 * COUNT


def test_the_four_rates_are_told_with_what_they_count(ran: Ran) -> None:
    found = {name: (int(met), int(due)) for name, met, due in RATE.findall(ran.said)}
    assert list(found) == ["accept", "claim", "resolve", "reply"]
    assert all(0 < met < due for met, due in found.values())
    assert all(due > COUNT / 2 for _met, due in found.values())


@pytest.mark.parametrize("what", ["提醒", "预警", "超期预警", "逾期上报", "超期"])
def test_time_speaks_up_by_itself(ran: Ran, what: str) -> None:
    assert ran.number(rf"时限合计: .*\b{what} (\d+)") > 0


def test_dates_in_known_years_are_final(ran: Ran) -> None:
    assert ran.number(r"时限合计: .*临时时限 (\d+)") == 0


@pytest.mark.parametrize("verb", ["send_back", "enlist", "rework", "reopen", "extend", "suspend"])
def test_people_take_detours(ran: Ran, verb: str) -> None:
    assert ran.number(rf"动作：.*\b{verb} (\d+)") > 0


def test_nothing_of_it_stays_behind(ran: Ran, admin: psycopg.Connection) -> None:
    query = "SELECT count(*) FROM pg_database WHERE datname = %s"
    assert ran.status == 0
    assert admin.execute(query, [NAME]).fetchone() == (0,)


def test_a_database_of_somebody_else_is_never_dropped(
    tmp_path: Path, admin: psycopg.Connection
) -> None:
    admin.execute(f"CREATE DATABASE {NAME}")
    try:
        refused = replay(messages.write(tmp_path / "messages.csv", 1))
        assert (refused.status, refused.said) == (1, "")
        assert "不是重演建的" in refused.complained
    finally:
        admin.execute(f"DROP DATABASE {NAME}")


def test_a_file_that_is_no_table_makes_no_database(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    path.write_text("subject,body\n", encoding="utf-8")
    refused = replay(path)
    assert refused.status == 1
    assert "detail、label" in refused.complained
