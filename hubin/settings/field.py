"""Pages of the field."""

import environ

env = environ.Env()

# so many tasks are carried along, and so many buildings
HUBIN_FIELD_TASKS = env.int("HUBIN_FIELD_TASKS", default=60)
HUBIN_FIELD_BUILDINGS = env.int("HUBIN_FIELD_BUILDINGS", default=400)
