"""The audit bundle: checked by its own verifier, in a process that knows nothing of Hubin."""

import hashlib
import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from common import law as law_cache
from common.actors import SYSTEM
from tests.files import ready
from tests.world import World, build
from tickets import actions, seals
from tickets.attachments.storing import room
from tickets.models import Export, Reveal, Ticket

Change = Callable[[Path], object]


@pytest.fixture
def kept(world: World, settings: Any, tmp_path: Path) -> World:
    """The world, with seals going to a file of the test."""
    settings.HUBIN_SEAL_FILE = str(tmp_path / "seals.jsonl")
    return world


def full(world: World) -> Ticket:
    """Reported with a photo, with helpers, a request and an answer; sealed twice."""
    ticket = world.handled(files=[ready()])
    actions.enlist(ticket, by=world.handler, at=world.at, unit=world.units["fire"], question="看看")
    actions.answer_assist(
        ticket, by=world.fire_handler, at=world.at, assist_result="DONE", text="已查看，无隐患"
    )
    seals.seal(at=world.at)
    actions.extend(ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆")
    seals.seal(at=world.at)
    ticket.refresh_from_db()
    return ticket


def exported(ticket: Ticket, folder: Path, **options: Any) -> tuple[Path, str]:
    """The bundle as a folder, and what the command said."""
    said = StringIO()
    call_command("export_record", ticket.number, out=folder, stdout=said, **options)
    return folder / ticket.number, said.getvalue()


def verified(home: Path, *more: str) -> tuple[int, str]:
    """Exit status and words of the bundle's own verifier, alone in an empty environment."""
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", *more], cwd=home, env={"PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


def change(home: Path, name: str, act: Callable[[Any], Any], *, with_manifest: bool = True) -> None:
    """One part of the record, and its digest in the manifest as well, as a forger would."""
    path = home / "record" / f"{name}.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    act(value)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    manifest = home / "manifest.json"
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    if with_manifest:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        listed["files"][f"record/{name}.json"] = digest
    manifest.write_text(json.dumps(listed), encoding="utf-8")


def test_a_bundle_is_intact(kept: World, tmp_path: Path) -> None:
    home, said = exported(full(kept), tmp_path)
    status, told = verified(home)
    assert (status, told.splitlines()[-1]) == (0, "完好 intact")
    assert re.search(r"events 7 .*attachments 1 .*seals 2 .*sealed 7", told)
    mark = said.split("清单摘要 ")[1][:64]
    assert verified(home, "--expect", mark)[0] == 0
    assert verified(home, "--expect", "0" * 64)[0] == 1


def test_an_erased_one_is_intact(kept: World, tmp_path: Path) -> None:
    ticket = kept.verified(origin="PATROL", by=kept.grid_worker, files=[ready()])
    actions.erase(ticket, by=SYSTEM, at=kept.at, rule="two-years")
    home, _said = exported(ticket, tmp_path)
    status, told = verified(home)
    assert (status, "erased" in told) == (0, True)
    assert "已按规定脱敏" in (home / "index.html").read_text(encoding="utf-8")


FORGERIES: dict[str, tuple[Change, str]] = {
    "words": (lambda home: change(home, "words", lambda rows: rows[0].update(text="别的话")),
              "文本（REPORT）被改过"),
    "words gone": (lambda home: change(home, "words", lambda rows: rows.pop()), "缺少文本"),
    "words emptied": (
        lambda home: change(home, "words", lambda rows: rows[0].update(text="", salt="")),
        "没有脱敏记录"),
    "words added": (lambda home: change(home, "words", lambda rows: rows.append(rows[0])),
                    "被改过"),
    "an event": (lambda home: change(home, "events", lambda rows: rows[2].update(by="person:1")),
                 "内容与摘要不符"),
    "the tail": (lambda home: change(home, "events", lambda rows: rows.pop()), "链尾被截断"),
    "one in between": (lambda home: change(home, "events", lambda rows: rows.pop(3)), "序号不连续"),
    "the ticket": (lambda home: change(home, "ticket", lambda row: row.update(state="CLOSED")),
                   "工单被改"),
    "an attachment": (
        lambda home: change(home, "attachments", lambda rows: rows[0]["facts"].update(size=1)),
        "要点被改过"),
    "an attachment gone": (lambda home: change(home, "attachments", lambda rows: rows.pop()),
                           "缺少附件"),
    "its file": (lambda home: flip(next(home.glob("files/*"))), "文件被改过"),
    "a seal": (lambda home: change(home, "seals", lambda rows: rows[0].update(count=99)),
               "内容与摘要不符"),
    "a seal gone": (lambda home: change(home, "seals", lambda rows: rows.pop()), "封存到第"),
    "a clock": (lambda home: change(home, "clocks", lambda rows: rows[0].update(value="9"),
                                     with_manifest=False),
                "与清单不符"),
    "the page": (lambda home: flip(home / "index.html"), "与清单不符"),
    "a file more": (lambda home: (home / "note.txt").write_text("x"), "清单里没有"),
    "a file less": (lambda home: (home / "index.html").unlink(), "文件不见了"),
    "no JSON": (lambda home: (home / "record/events.json").write_text("["), "读不下去"),
}  # fmt: skip


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.fixture(scope="module")
def original(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Path:
    """One bundle, made once; each test bends a copy."""
    folder: Path = tmp_path_factory.mktemp("bundle")
    seal_file = override_settings(HUBIN_SEAL_FILE=str(folder / "seals.jsonl"))
    with django_db_blocker.unblock(), seal_file, transaction.atomic():
        law_cache.cache.clear()
        home, _said = exported(full(build()), folder)
        transaction.set_rollback(True)
    law_cache.cache.clear()
    return home


@pytest.mark.parametrize(("forge", "told"), FORGERIES.values(), ids=FORGERIES)
def test_what_is_changed_is_found(original: Path, tmp_path: Path, forge: Change, told: str) -> None:
    home = tmp_path / "copy"
    shutil.copytree(original, home)
    forge(home)
    status, said = verified(home)
    assert (status, told in said) == (1, True), said


def test_a_zip_holds_the_same(kept: World, tmp_path: Path) -> None:
    ticket = full(kept)
    path = tmp_path / "a.zip"
    call_command("export_record", ticket.number, out=path, stdout=StringIO())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with ZipFile(path) as parts:
        parts.extractall(tmp_path / "out")
    assert verified(tmp_path / "out" / ticket.number)[0] == 0


def test_the_page_tells_the_record_in_both_languages(kept: World, tmp_path: Path) -> None:
    home, _said = exported(full(kept), tmp_path)
    page = (home / "index.html").read_text(encoding="utf-8")
    for word in ("签收", "Claim", "等灯杆", "楼下垃圾堆了三天", "处置中", "Being handled"):
        assert word in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def test_the_page_names_no_file_that_is_not_there(kept: World, tmp_path: Path) -> None:
    home, _said = exported(full(kept), tmp_path)
    page = (home / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:href|src)="([^"#]+)"', page))
    assert "index.css" in named
    assert [name for name in named if not (home / name).is_file()] == []


def test_contacts_are_masked(kept: World, tmp_path: Path) -> None:
    home, _said = exported(full(kept), tmp_path)
    told = "".join(path.read_text(encoding="utf-8") for path in home.glob("record/*.json"))
    told += (home / "index.html").read_text(encoding="utf-8")
    assert ("赵见诚" in told, "13900001234" in told, "139****1234" in told) == (False, False, True)
    assert not Reveal.objects.exists()


def test_contacts_in_clear_are_a_reveal(kept: World, tmp_path: Path) -> None:
    ticket = full(kept)
    home, _said = exported(ticket, tmp_path, with_contacts=True, reason="审计抽查", by="inspector")
    contacts = json.loads((home / "record/contacts.json").read_text(encoding="utf-8"))
    assert contacts == {"is_masked": False, "name": "赵见诚", "phone": "13900001234"}
    kept_row = Reveal.objects.get(ticket=ticket)
    assert (kept_row.person, kept_row.reason) == (kept.inspector, "审计抽查")
    assert verified(home)[0] == 0


REFUSED = [
    ({"with_contacts": True, "reason": "审计"}, "--by"),
    ({"with_contacts": True, "by": "inspector"}, "理由"),
    ({"with_contacts": True, "reason": "审计", "by": "auditor"}, "无权"),
    ({"with_contacts": True, "reason": "审计", "by": "nobody"}, "没有在用的账号"),
]


@pytest.mark.parametrize(("options", "told"), REFUSED)
def test_contacts_are_for_who_may_read_them(
    kept: World, tmp_path: Path, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(CommandError, match=told):
        exported(full(kept), tmp_path, **options)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]
    assert not Export.objects.exists()


def test_residents_are_not_named(kept: World, tmp_path: Path) -> None:
    ticket = kept.reported(by=kept.resident, is_on_behalf=False, reporter=None)
    home, _said = exported(ticket, tmp_path)
    names = json.loads((home / "record/names.json").read_text(encoding="utf-8"))
    assert names["people"] == {}
    assert kept.resident.name not in (home / "index.html").read_text(encoding="utf-8")


def test_it_is_kept_who_took_it(kept: World, tmp_path: Path) -> None:
    ticket = full(kept)
    _home, said = exported(ticket, tmp_path, by="auditor")
    row = Export.objects.get()
    assert (row.person, row.what, row.rows) == (kept.auditor, "RECORD", ticket.seq)
    assert row.asked["number"] == ticket.number
    assert row.asked["manifest"] in said


def test_what_is_there_is_not_written_over(kept: World, tmp_path: Path) -> None:
    ticket = full(kept)
    exported(ticket, tmp_path)
    with pytest.raises(CommandError, match="已经有了"):
        exported(ticket, tmp_path)


def test_an_unknown_number_is_a_sentence(kept: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="请核对编号"):
        call_command("export_record", "330102-20260101-99999", out=tmp_path / "x.zip")


def test_a_file_that_is_lost_is_said_and_found(kept: World, tmp_path: Path) -> None:
    ticket = full(kept)
    row = ticket.attachments.get()
    room().delete(f"{row.name}-kept.jpg")
    told = StringIO()
    home, _said = exported(ticket, tmp_path, stderr=told)
    assert f"附件 {row.pk} 的文件不在存储里" in told.getvalue()
    status, said = verified(home)
    assert (status, said.count("✗")) == (1, 1)
    assert f"attachment {row.pk}: 文件不见了" in said
