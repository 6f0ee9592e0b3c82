"""How much may be taken out at once, and how often."""

import environ

env = environ.Env()

HUBIN_EXPORT_CSV_ROWS = env.int("HUBIN_EXPORT_CSV_ROWS", default=100_000)
HUBIN_EXPORT_XLSX_ROWS = env.int("HUBIN_EXPORT_XLSX_ROWS", default=50_000)
HUBIN_PAPERS_AN_HOUR = env.int("HUBIN_PAPERS_AN_HOUR", default=120)  # of one person
HUBIN_EXPORTS_AN_HOUR = env.int("HUBIN_EXPORTS_AN_HOUR", default=30)  # of one person
HUBIN_EXPORTS_AT_ONCE = env.int("HUBIN_EXPORTS_AT_ONCE", default=3)  # of everybody together
HUBIN_EXPORT_SECONDS = env.int("HUBIN_EXPORT_SECONDS", default=120)
