"""How deliveries go out: when not, how fast, how often, how long they are kept."""

import environ

env = environ.Env()

HUBIN_QUIET_HOURS = env("HUBIN_QUIET_HOURS", default="22:00-07:00")  # nothing but emergencies
HUBIN_DELIVERY_TRIES = env.int("HUBIN_DELIVERY_TRIES", default=12)  # then a person is told
# longer than a round of sending, of which half of it is given to each process
HUBIN_DELIVERY_LEASE = env.int("HUBIN_DELIVERY_LEASE", default=60)
HUBIN_DELIVERY_DAYS = env.int("HUBIN_DELIVERY_DAYS", default=90)  # kept after they were made
# messages a minute; robots and other systems have their own limit each
HUBIN_EMAIL_RATE = env.int("HUBIN_EMAIL_RATE", default=120)
HUBIN_SMS_RATE = env.int("HUBIN_SMS_RATE", default=120)
HUBIN_ZHEDING_RATE = env.int("HUBIN_ZHEDING_RATE", default=300)
