"""By which ways people are told; without an address a channel is off."""

import environ

from notices.channels.configured import pairs

env = environ.Env()

# absolute links in letters and group texts: https://…, without a slash at the end
HUBIN_SITE_URL = env("HUBIN_SITE_URL", default="").rstrip("/")

# smtps://user:password@host:465, smtp+tls://…:587, smtp://host:25 only inside
HUBIN_EMAIL_URL = env("HUBIN_EMAIL_URL", default="")
HUBIN_EMAIL_FROM = env("HUBIN_EMAIL_FROM", default="")

# verb=code of an approved template, …; the gateway is that of the login codes
HUBIN_SMS_TEMPLATES = pairs(env("HUBIN_SMS_TEMPLATES", default=""))
# what comes back by text message is signed with it; without it nothing is taken
HUBIN_SMS_REPLY_KEY = env("HUBIN_SMS_REPLY_KEY", default="")

# work notices of 浙政钉; the host is the province's or the vendor's
HUBIN_ZHEDING_HOST = env("HUBIN_ZHEDING_HOST", default="").rstrip("/")
HUBIN_ZHEDING_KEY = env("HUBIN_ZHEDING_KEY", default="")
HUBIN_ZHEDING_SECRET = env("HUBIN_ZHEDING_SECRET", default="")
HUBIN_ZHEDING_TENANT = env("HUBIN_ZHEDING_TENANT", default="")
HUBIN_ZHEDING_IP = env("HUBIN_ZHEDING_IP", default="127.0.0.1")
HUBIN_ZHEDING_MAC = env("HUBIN_ZHEDING_MAC", default="00:00:00:00:00:00")

HUBIN_LINK_DAYS = env.int("HUBIN_LINK_DAYS", default=14)  # a link in a notice is good for
