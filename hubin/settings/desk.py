"""How soon the desk's page shows what has come in."""

HUBIN_LOOKING_SECONDS = 20  # how often the open page of a ticket asks who else looks at it
HUBIN_DESK_SECONDS = 10  # how often an open list asks whether anything has changed
