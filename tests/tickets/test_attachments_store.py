"""Files on the disk: private, random, none left behind by a refusal, orphans swept."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from common.actors import SYSTEM
from common.errors import Refused, Unavailable
from tests.files import ready
from tests.races import race
from tests.tickets.steps import fresh
from tests.world import World
from tickets import actions, sweeps
from tickets.attachments import storing
from tickets.attachments.marks import mark_of
from tickets.attachments.storing import path, room
from tickets.attachments.watermark import drawn
from tickets.models import Attachment, Ticket

DAY = timedelta(days=1)


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    """A folder of this test alone."""
    folder = tmp_path / "files"
    local = {"BACKEND": "tickets.attachments.folder.Folder", "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "attachments": local}
    return folder


def files_in(store: Path) -> list[Path]:
    return [one for one in store.rglob("*") if one.is_file()]


def test_files_are_the_houses_own(world: World, store: Path) -> None:
    world.reported(files=[ready()])
    assert {one.stat().st_mode & 0o777 for one in files_in(store)} == {0o600}
    assert {one.stat().st_mode & 0o777 for one in store.iterdir()} == {0o700}


def test_names_tell_nothing(world: World, store: Path) -> None:
    ticket = world.reported(files=[ready()])
    names = {one.name.partition("-")[0] for one in files_in(store)}
    assert [len(name) for name in names] == [32]
    assert ticket.number not in str(files_in(store))


def test_a_refusal_leaves_no_file(world: World, store: Path) -> None:
    ticket = world.handled()
    with pytest.raises(Refused):
        actions.attach(ticket, by=world.auditor, at=world.at, files=[ready()])
    with pytest.raises(Refused):
        actions.arrive(ticket, by=world.handler, at=world.at, files=[ready("BEFORE")])
    assert files_in(store) == []


def test_a_repeated_report_leaves_no_second_file(world: World, store: Path) -> None:
    for _turn in "12":
        world.reported(files=[ready()], idempotency_key="same-key-1")
    assert len(files_in(store)) == 4


def test_a_full_disk_leaves_nothing(world: World, store: Path, monkeypatch: Any) -> None:
    written = storing._save

    def stops(one: Any, copy: str, *more: Any) -> None:
        if copy == "thumb":
            raise OSError(28, "No space left on device")
        written(one, copy, *more)

    monkeypatch.setattr(storing, "_save", stops)
    with pytest.raises(OSError, match="No space"):
        world.reported(files=[ready()])
    assert files_in(store) == []
    assert not Ticket.objects.exists()


def orphan(store: Path, *, days: int) -> Path:
    store.mkdir()
    made = datetime.fromtimestamp(store.stat().st_mtime, UTC) - days * DAY
    folder = store / f"{made:%Y%m%d}"
    folder.mkdir()
    file = folder / f"{'a' * 32}-kept.jpg"
    file.write_bytes(b"x")
    return aged(file, days)


def aged(file: Path, days: int) -> Path:
    moment = file.stat().st_mtime - days * DAY.total_seconds()
    os.utime(file, (moment, moment))
    return file


def test_an_old_file_without_a_row_is_swept_once(world: World, store: Path) -> None:
    orphan(store, days=2)
    world.reported(files=[ready()])
    now = datetime.fromtimestamp(max(aged(one, 2).stat().st_mtime for one in files_in(store)), UTC)
    assert [sweeps.run("files", at=now + 2 * DAY) for _turn in "12"] == [1, 0]
    assert len(files_in(store)) == 4


def test_a_young_file_may_still_get_its_row(world: World, store: Path) -> None:
    young = orphan(store, days=0)
    sweeps.run("files", at=datetime.fromtimestamp(young.stat().st_mtime + 3600, UTC))
    assert young.exists()


def test_erased_files_that_were_not_given_up_are_removed_later(world: World, store: Path) -> None:
    ticket = world.verified(origin="PATROL", by=world.grid_worker, files=[ready()])
    actions.erase(ticket, by=SYSTEM, at=world.at, rule="two-years")
    assert len(files_in(store)) == 4
    assert sweeps.run("files", at=world.at) == 1
    assert (files_in(store), Attachment.objects.get().name) == ([], "")


def test_two_attach_at_once(committed_world: World) -> None:
    world = committed_world
    ticket = world.handled()

    def attach(who: str, shade: int) -> Any:
        files = [ready("NEAR", shade)]  # a file of its own: two cannot read one at once
        return lambda: actions.attach(
            Ticket.objects.get(pk=ticket.pk), by=world.people[who], at=world.at, files=files
        )

    done = race(attach("handler", 1), attach("desk", 2), attach("grid_worker", 3))
    assert [type(one) for one in done] == [Ticket] * 3
    rows = Attachment.objects.order_by("event__seq")
    assert [row.event.seq for row in rows] == [5, 6, 7]
    assert fresh(ticket).seq == 7


def test_the_copy_that_is_shown_is_marked(world: World) -> None:
    world.reported(files=[ready()])
    row = Attachment.objects.get()
    kept, shown = (_pixels(row, copy) for copy in ("kept", "display"))
    assert kept.size == shown.size
    box = (0, kept.height - 60, 200, kept.height)
    assert kept.crop(box).tobytes() != shown.crop(box).tobytes()
    assert max(shown.crop(box).convert("L").tobytes()) > 200  # the letters


def _pixels(row: Attachment, copy: str) -> Image.Image:
    with room().open(path(row.name, copy, row.media_type)) as file, Image.open(file) as opened:
        return opened.convert("RGB")


def test_every_letter_of_the_mark_can_be_drawn(world: World) -> None:
    plain = Image.new("RGB", (900, 300), "black")
    shown = [drawn(plain, (letter,)).tobytes() for letter in "浣纱路埭弄望潮镕喆湖滨0年·"]
    assert len(set(shown)) == len(shown)  # a letter the font lacks would look like another


def test_staff_are_named_inside_only(world: World) -> None:
    ticket = world.handled()
    mark = mark_of(ticket, world.handler, at=world.at)
    assert mark.inside == ("2026-11-23 09:00", "湖滨路 1 号", world.handler.name)
    assert mark.outside == ("2026-11-23 09:00", "湖滨路 1 号", "squad")


def test_a_reporter_is_never_named(world: World) -> None:
    ticket, token = world.reported_with_key()
    mark = mark_of(ticket, world.key_of(token), at=world.at)
    assert mark.inside == mark.outside
    assert mark.inside[-1] == "诉求人"


def test_a_store_that_takes_nothing_is_said_and_nothing_is_half_done(
    world: World, store: Path
) -> None:
    store.parent.joinpath("files").write_text("a file where the folder should be")
    ticket = world.handled()
    with pytest.raises(Unavailable, match="稍后再试") as refused:
        actions.attach(ticket, by=world.handler, at=world.at, files=[ready()])
    assert (refused.value.status, fresh(ticket).seq) == (503, ticket.seq)
    assert not Attachment.objects.exists()
