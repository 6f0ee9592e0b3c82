"""What was photographed stays what it was: rows, files, and what an erasure may take away."""

from typing import Any

import pytest
from django.db import Error, connection

from common.actors import SYSTEM
from tests.files import photo, ready, upload
from tests.promises.forging import forge
from tests.world import World
from tickets import actions
from tickets.attachments import prepare
from tickets.attachments.storing import path, room
from tickets.models import Attachment, Ticket
from tickets.proof import chain
from tickets.proof.facts import Tally

SPOT = (30.25, 120.16)


@pytest.fixture
def ticket(world: World, files: Any) -> Ticket:
    taken = prepare(upload(photo(spot=SPOT)), "NEAR")
    return world.verified(origin="PATROL", by=world.grid_worker, files=[taken])


@pytest.fixture
def files(settings: Any, tmp_path: Any) -> Any:
    """A store of this test alone."""
    local = {"BACKEND": "tickets.attachments.folder.Folder", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "attachments": local}
    return tmp_path


def breaches(**how: Any) -> list[str]:
    return [breach.what for breach in chain.verify(tally=Tally(), **how)]


def test_a_true_record_with_photos_has_no_breach(ticket: Ticket) -> None:
    tally = Tally()
    assert list(chain.verify(tally=tally)) == []
    assert tally.attachments == 1


@pytest.mark.parametrize(
    "change",
    ["lat = 30.3", "is_far = false", "datum = 'GCJ02'", "taken_at = now()", "kind = 'AFTER'",
     "size = 1", "sha256 = repeat('0', 64)", "copies = '{}'", "by = 'person:1'"],
)  # fmt: skip
def test_an_altered_row_is_found(ticket: Ticket, change: str) -> None:
    forge(f"UPDATE tickets_attachment SET {change}")
    assert any("附件" in what for what in breaches(with_files=False))


def test_a_deleted_row_is_found(ticket: Ticket) -> None:
    forge("DELETE FROM tickets_attachment")
    assert breaches() == ["缺少附件（NEAR）"]


def test_an_added_row_is_found(world: World, ticket: Ticket) -> None:
    row = Attachment.objects.get()
    row.pk, row.name = None, "20261123/" + "0" * 32
    row.save(force_insert=True)
    assert "多出一个记录里没有的附件" in breaches(with_files=False)[0]


@pytest.mark.parametrize("copy", ["kept", "display", "public", "thumb"])
def test_an_altered_file_is_found(ticket: Ticket, files: Any, copy: str) -> None:
    row = Attachment.objects.get()
    file = files / path(row.name, copy, row.media_type)
    file.write_bytes(file.read_bytes() + b" ")
    assert breaches() == [f"附件 {row.pk} 的文件（{copy}）被改过"]
    assert breaches(with_files=False) == []


def test_a_missing_file_is_found(ticket: Ticket, files: Any) -> None:
    row = Attachment.objects.get()
    (files / path(row.name, "kept", row.media_type)).unlink()
    assert breaches() == [f"附件 {row.pk} 的文件（kept）不见了"]


def test_erasing_removes_files_and_where_it_was_taken(
    world: World, ticket: Ticket, files: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(ticket, by=SYSTEM, at=world.at, rule="two-years")
    row = Attachment.objects.get()
    assert (row.lat, row.lng, row.salt, row.name, row.erased_at) == (None, None, "", "", world.at)
    assert [one for one in files.glob("*/*") if one.is_file()] == []
    assert breaches() == []


def test_what_was_emptied_without_an_erasure_is_found(ticket: Ticket) -> None:
    forge("UPDATE tickets_attachment SET salt = '', lat = NULL, lng = NULL, erased_at = at")
    assert "没有脱敏记录" in breaches(with_files=False)[0]


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM tickets_attachment", "TRUNCATE tickets_attachment",
     "UPDATE tickets_attachment SET kind = 'AFTER'", "UPDATE tickets_attachment SET is_far = false",
     "UPDATE tickets_attachment SET name = 'other', salt = ''"],
)  # fmt: skip
def test_not_even_the_owner_changes_an_attachment(ticket: Ticket, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(Error, match=r"hubin|Cannot"):
            cursor.execute(change)


def test_the_file_of_a_ready_photo_is_kept_under_a_name_of_its_own(
    world: World, files: Any
) -> None:
    ticket = world.reported(files=[ready()])
    actions.attach(ticket, by=world.desk, at=world.at, files=[ready()])
    names = set(Attachment.objects.values_list("name", flat=True))
    assert len(names) == 2
    assert all(room().exists(path(name, "kept", "image/jpeg")) for name in names)
