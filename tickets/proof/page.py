"""docs/chain.md, derived from the one table (DESIGN §2 law 11). Deterministic."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils import translation

from tickets.proof.duties import CLOCKS
from tickets.proof.links import BIRTHS
from tickets.states import ENDED, OPEN, STATE_TURN, TRANSITIONS, WHO_ZH, Move, State, Who
from tickets.words import Promise, Turn

SLOGANS = {
    "intake": "有报必接 · every report is taken up",
    "handling": "有接必处 · every case taken up is handled",
    "outcome": "有处必果 · every handling has an outcome",
    "reply": "有果必复 · every outcome is answered",
    "oversight": "督办与审批 · oversight",
}
TURN_NOTES = {
    State.RESOLVED: "; GRID or REPORTER where `verify_by` names them, the desk from half the limit",
    State.CONTESTED: "; DISTRICT the second time",
}
CLOCK_NOTES = {
    State.DISPATCHED: ", RESOLVE, for urgent ARRIVE",
    State.HANDLING: ", for urgent ARRIVE",
    State.SUSPENDED: "; RESOLVE and TOTAL paused",
    State.RESOLVED: "; RESOLVE paused",
}
INTRO = """\
# The chain · 流转

Made by `manage.py chain_docs` from `tickets/states.py`: change the table, then run the command.
The same table gives the pages their buttons and the database its guard.
"""
OUTLOOK = """\
`TOTAL` runs from report to reply; it is the one date the reporter is told. A turn whose post nobody
active holds rises: grid worker → desk; unit → shift leader of the place → district desk.
"""
REACH = Path(__file__).with_name("reach.md")


def render() -> str:
    """流转文档: the whole page."""
    with translation.override("zh-hans"):
        parts = [INTRO, *_states(), *_drawing(), *_promises()]
    return "\n".join([*parts, REACH.read_text(encoding="utf-8")])


def _states() -> Iterator[str]:
    yield "## States\n\n| state | | turn | clock |\n|---|---|---|---|"
    for state in State:
        turn = Turn(STATE_TURN[state])
        clock = CLOCKS.get(state)
        named = f"{clock} {Promise(clock).label}" if clock else "none open"
        yield (
            f"| {state} | {state.label} | {turn} {turn.label}{TURN_NOTES.get(state, '')}"
            f" | {named}{CLOCK_NOTES.get(state, '')} |"
        )
    yield f"\n{OUTLOOK}"


def _drawing() -> Iterator[str]:
    yield "## Drawing\n\n```mermaid\nstateDiagram-v2"
    for state in State:
        yield f'    state "{state} {state.label}" as {state}'
    edges = _edges()
    for (frm, to), verbs in edges.items():
        yield f"    {frm} --> {to}: {', '.join(verbs)}"
    left = {frm for frm, _to in edges}
    for state in State:
        if state not in left:
            yield f"    {state} --> [*]"
    yield "```\n"


def _edges() -> dict[tuple[str, str], list[str]]:
    edges: dict[tuple[str, str], list[str]] = {}
    for verb, born in BIRTHS.items():
        for to in born:
            edges.setdefault(("[*]", str(to)), []).append(verb)
    for frm in State:
        for move in TRANSITIONS:
            for to in move.to:
                if frm in move.frm:
                    edges.setdefault((str(frm), str(to)), []).append(move.verb)
    return edges


def _promises() -> Iterator[str]:
    for promise, slogan in SLOGANS.items():
        yield f"## {slogan}\n"
        yield "| verb | | from → to | who | needs | how |\n|---|---|---|---|---|---|"
        for move in TRANSITIONS:
            if move.promise == promise:
                yield _line(move)
        yield ""


def _line(move: Move) -> str:
    to = " or ".join(move.to) if move.to else "no change"
    who = ", ".join(f"{who} {WHO_ZH[who]}" for who in Who if who in move.who)
    needs = ", ".join(f"`{need}`" for need in move.needs)
    return (
        f"| {move.verb} | {move.zh} | {_from(move.frm)} → {to} | {who} | {needs} | {_how(move)} |"
    )


def _from(states: Iterable[State]) -> str:
    known = frozenset(states)
    if not known:
        return "new"
    for whole, name in ((State, "any state"), (OPEN, "any open state"), (ENDED, "any ended state")):
        if known == frozenset(whole):
            return name
    return ", ".join(state for state in State if state in known)


def _how(move: Move) -> str:
    if move.approval:
        return "asked for, performed when granted"
    if move.who == {Who.SYSTEM}:
        return "by itself"
    return "button" if move.button else "its own page"
