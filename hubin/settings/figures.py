"""How much a map of many tickets holds, and how often the board on the wall looks."""

HUBIN_MAP_MOST = 20_000
HUBIN_WALL_SECONDS = 60
