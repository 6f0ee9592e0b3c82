"""核对清单: which lines a category asks, and whether they are answered; codes go on the record."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Invalid
from grids.models import Person
from tickets import law
from tickets.models import ChecklistLine, Ticket
from tickets.models.checklist import CheckAnswer

PREFIX = "check_"
"""Before a line's code: the name of its field."""
NO_CHECKS: Mapping[str, str] = {}
NOTES = {"resolve": "note", "verify": "note_optional"}
"""Where the reason for a 没有 is written."""


def lines(verb: str, ticket: Ticket) -> list[ChecklistLine]:
    """核对项: those of the ticket's category and of the one above it, in order."""
    return lines_of(verb, ticket.category_id or 0)


def lines_of(verb: str, category_id: int) -> list[ChecklistLine]:
    """核对项 of a category, before there is a ticket."""
    category = law.categories().get(category_id)
    if category is None:
        return []
    chain = {category.pk, category.parent_id}
    rows = law.checklist().values()
    return [r for r in rows if r.is_active and r.verb == verb and r.category_id in chain]


def check(
    verb: str, ticket: Ticket, given: Mapping[str, str], *, by: Actor, note: str
) -> list[list[str]]:
    """核对: the answers as [code, answer] in the order of the list. Raises `Invalid`.

    Only people are asked: what passes by itself, or by its reporter's word, has nobody who looked.
    """
    known = {line.code: line for line in lines(verb, ticket)}
    if unknown := set(given) - set(known):
        raise Invalid(_("没有“%(code)s”这个核对项，请重新打开工单。") % {"code": min(unknown)})
    is_asked = isinstance(by, Person) and by.pk != ticket.reporter_person_id
    for line in known.values():
        _one(line, given.get(line.code, ""), is_asked=is_asked)
    refused = [one for one in known.values() if one.is_required and _says_no(given, one)]
    if refused and not note.strip():
        raise Invalid(unexplained(refused[0]), field=NOTES[verb])
    return [[code, given[code]] for code in known if given.get(code)]


def recorded(
    verb: str, ticket: Ticket, given: Mapping[str, str], *, by: Actor, note: str
) -> dict[str, list[list[str]]]:
    """核对记录: what `check` found, for the event; nothing where nothing was answered."""
    answers = check(verb, ticket, given, by=by, note=note)
    return {"checks": answers} if answers else {}


def unanswered(line: ChecklistLine) -> str:
    """未回答: what is said where a required line was left open."""
    return _("请回答核对项“%(text)s”。") % {"text": line.text}


def unexplained(line: ChecklistLine) -> str:
    """未说明: what is said where a 没有 to a required line has no reason."""
    return _("“%(text)s”答了“没有”，请写明原因。") % {"text": line.text}


def told(answers: Sequence[Sequence[str]]) -> list[str]:
    """核对结果, in words; also of lines that are no longer asked."""
    known = law.checklist()
    return [
        _("%(line)s：%(answer)s")
        % {
            "line": known[code].text if code in known else code,
            "answer": CheckAnswer(answer).label,
        }
        for code, answer in answers
    ]


def _one(line: ChecklistLine, answer: str, *, is_asked: bool) -> None:
    if answer and answer not in CheckAnswer.values:
        said = _("“%(text)s”请填 YES、NO 或 NA。") % {"text": line.text}
        raise Invalid(said, field=PREFIX + line.code)
    if not answer and line.is_required and is_asked:
        raise Invalid(unanswered(line), field=PREFIX + line.code)


def _says_no(given: Mapping[str, str], line: ChecklistLine) -> bool:
    return given.get(line.code) == CheckAnswer.NO
