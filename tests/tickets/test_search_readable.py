"""A hit, and that there is none, tells nothing of what a person may not read."""

import pytest

from tests.promises.doors import NOBODY
from tests.promises.forging import forge_ticket
from tests.promises.markers import EVERYONE, Planted, plant
from tickets import readable, standing
from tickets.models import Findable, Ticket, Words
from tickets.reindexing import reindex
from tickets.search import search
from tickets.standing import Group

pytestmark = pytest.mark.scene(make=plant)
CAST = [who for who in EVERYONE if who != NOBODY]


def hits(planted: Planted, who: str, question: str) -> list[int]:
    person = planted.world.people[who]
    rows = Ticket.objects.visible_to(person, planted.world.at)
    return search(rows, person, question, at=planted.world.at).ids


@pytest.mark.parametrize("who", CAST)
def test_the_database_and_the_standing_agree_whose_words_may_be_read(
    scene: Planted, who: str
) -> None:
    person, at = scene.world.again(who), scene.world.at
    visible = Ticket.objects.visible_to(person, at)
    told = {row.pk for row in visible if Group.WORDS in standing.sees(person, row, at=at)}
    rule = readable.inside(person, at=at) | readable.own(person, at=at)
    assert set(visible.filter(rule).values_list("pk", flat=True)) == told


@pytest.mark.parametrize("who", CAST)
def test_markers_are_found_by_their_readers_only(scene: Planted, who: str) -> None:
    reports = ["甲单正文", "乙单正文", "丙单正文", "丁单正文", "丁单地址", "戊单正文", "己单正文"]
    found = {marker for marker in reports if hits(scene, who, marker)}
    assert found == scene.due_to(who) & set(reports)


@pytest.mark.parametrize("who", CAST)
def test_contacts_and_internal_words_are_found_by_nobody(scene: Planted, who: str) -> None:
    hidden = ["司徒甲名", "17755550101", "诸葛戊名", "甲单备注", "甲单询问", "丁单理由"]
    assert [marker for marker in hidden if hits(scene, who, marker)] == []


def test_a_sensitive_ticket_is_found_by_its_number_where_it_may_be_known(scene: Planted) -> None:
    ticket = scene.tickets[3]
    assert hits(scene, "leader", ticket.number) == [ticket.pk]
    assert hits(scene, "far_desk", ticket.number) == []


def test_what_is_internal_is_not_among_what_is_found(scene: Planted) -> None:
    kept = " ".join(Findable.objects.values_list("tokens", flat=True))
    assert "正文" in kept
    assert [word for word in ("备注", "询问", "理由", "司徒") if word in kept] == []
    assert not Words.objects.filter(tokens__isnull=False).exists()
    assert len(scene.tickets) == Findable.objects.count()


def test_somebody_elses_supplement_is_not_found_by_whoever_only_reported(scene: Planted) -> None:
    author = scene.world.people["fire_handler"]
    forge_ticket(scene.tickets[0], reporter_person=author)
    assert sum(reindex(is_all=True)) == len(scene.tickets)
    assert hits(scene, "fire_handler", "甲单催办") == []
    assert hits(scene, "fire_handler", "甲单正文 甲单催办") == []
    assert hits(scene, "fire_handler", "甲单正文") == [scene.tickets[0].pk]
