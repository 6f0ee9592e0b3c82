"""The profiles that come with Hubin, on the demo district and its law."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from common import law as law_cache
from grids.demo import FOLDER as DEMO
from tests.fixtures import messages
from tickets.models import Ticket
from tickets.states import State
from tickets.words import Origin

BOSTON = (
    "case_enquiry_id,open_dt,closed_dt,case_title,reason,type,location,latitude,longitude,source",
    "1,2011-07-01 01:32:33,2011-07-01 05:06:58,Dark,Street Lights,Outage,1 Main,42.27,-71.07,App",
    "2,2011-07-02 08:00:00,,Hole,Highway Maintenance,Pothole,2 Main,42.27,-71.07,"
    "Employee Generated",
    "3,2011-11-06 09:00:00,,Odd,Something new,Something,3 Main,42.27,-71.07,App",
)


@pytest.fixture
def demo(db: None) -> Iterator[None]:
    law_cache.cache.clear()
    call_command("load_district", str(DEMO), stdout=StringIO())
    call_command("load_law", stdout=StringIO())
    yield
    law_cache.cache.clear()


@pytest.mark.usefixtures("demo")
def test_boston311_knows_its_columns_zone_and_kinds(tmp_path: Path) -> None:
    path = tmp_path / "boston.csv"
    path.write_text("\n".join(BOSTON), encoding="utf-8")
    call_command("import_tickets", str(path), profile="boston311", stdout=StringIO())
    tickets = Ticket.objects.order_by("source_id")
    lamp, hole, odd = tickets
    assert (lamp.state, hole.state) == (State.CLOSED, State.REPORTED)
    assert lamp.reported_at.isoformat() == "2011-07-01T05:32:33+00:00"
    assert odd.reported_at.isoformat() == "2011-11-06T14:00:00+00:00"
    codes = tickets.values_list("category__code", flat=True)
    assert list(codes) == ["0302", "0403", "1099"]
    assert [row.origin for row in (lamp, hole)] == [Origin.RESIDENT, Origin.PATROL]


@pytest.mark.usefixtures("demo")
def test_complaints_go_all_over_the_district(tmp_path: Path) -> None:
    path = messages.write(tmp_path / "messages.csv", 40)
    said = StringIO()
    call_command("import_tickets", str(path), profile="complaints", stdout=said)
    assert "新增 40，已有 0，退回 0" in said.getvalue()
    tickets = Ticket.objects.all()
    assert tickets.values("community").distinct().count() > 20
    assert tickets.values("category").distinct().count() == 7
    assert not tickets.filter(is_outside=True).exists()
    assert tickets.values("source_id").distinct().count() == 40
