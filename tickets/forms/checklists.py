"""核对项 → fields: three radio buttons a line."""

from django.forms import ChoiceField, Field, RadioSelect
from django.utils.translation import gettext

from grids.models import Person
from tickets import checklists
from tickets.checklists import PREFIX
from tickets.models import Ticket
from tickets.models.checklist import CheckAnswer
from tickets.standing import Reader


def fields(verb: str, ticket: Ticket, person: Reader) -> dict[str, Field]:
    """核对项: of this category; a reporter who says that it is solved is asked none."""
    if not isinstance(person, Person) or person.pk == (ticket.reporter_person_id or 0):
        return {}
    return {
        PREFIX + line.code: ChoiceField(
            label=line.text, choices=CheckAnswer.choices, widget=RadioSelect,
            required=line.is_required,
            error_messages={
                "required": gettext("请回答核对项“%(text)s”。") % {"text": line.text}
            },
        )
        for line in checklists.lines(verb, ticket)
    }  # fmt: skip
