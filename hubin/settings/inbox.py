"""How long notices are kept, and how soon an open page shows them.

Whoever keeps them longer keeps more of who was told what.
"""

import environ

env = environ.Env()

HUBIN_NOTICE_READ_DAYS = env.int("HUBIN_NOTICE_READ_DAYS", default=90)  # after it was read
HUBIN_NOTICE_UNREAD_DAYS = env.int("HUBIN_NOTICE_UNREAD_DAYS", default=365)  # after it happened
HUBIN_INBOX_SECONDS = 20  # how often an open page asks whether there is news
