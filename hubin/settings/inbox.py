"""How long notices are kept; whoever loosens this keeps more of who was told what."""

import environ

env = environ.Env()

HUBIN_NOTICE_READ_DAYS = env.int("HUBIN_NOTICE_READ_DAYS", default=90)  # after it was read
HUBIN_NOTICE_UNREAD_DAYS = env.int("HUBIN_NOTICE_UNREAD_DAYS", default=365)  # after it happened
