"""核对项 → fields: three radio buttons a line."""

from django.forms import ChoiceField, Field, RadioSelect

from grids.models import Person
from tickets import checklists, law
from tickets.checklists import PREFIX
from tickets.models import ChecklistLine, Ticket
from tickets.models.checklist import CheckAnswer, CheckedAt
from tickets.standing import Reader


def fields(verb: str, ticket: Ticket, person: Reader) -> dict[str, Field]:
    """核对项: of this category; a reporter who says that it is solved is asked none."""
    if not isinstance(person, Person) or person.pk == (ticket.reporter_person_id or 0):
        return {}
    return {
        PREFIX + line.code: ChoiceField(
            label=line.text, choices=CheckAnswer.choices,
            widget=RadioSelect(attrs=_explained(line) if line.is_required else None),
            required=line.is_required,
            error_messages={"required": checklists.unanswered(line)},
        )
        for line in checklists.lines(verb, ticket)
    }  # fmt: skip


def of_settling() -> dict[str, Field]:
    """当场处置的核对项: of all categories; which of them are asked is known with the category."""
    return {
        PREFIX + line.code: ChoiceField(
            label=line.text, choices=CheckAnswer.choices, widget=RadioSelect, required=False
        )
        for line in law.checklist().values()
        if line.is_active and line.verb == CheckedAt.RESOLVE
    }


def _explained(line: ChecklistLine) -> dict[str, str]:
    """理由: a telephone without a signal says it, too, and at once."""
    return {
        "data-reason": checklists.NOTES[line.verb],
        "data-unexplained": checklists.unexplained(line),
    }
