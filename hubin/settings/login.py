"""Who gets in and how, and what may leave the house."""

import environ

env = environ.Env()

# how many proxies of ours stand in front: tries are counted by the visitor's address
HUBIN_PROXIES = env.int("HUBIN_PROXIES", default=0)
AXES_CLIENT_IP_CALLABLE = "common.visitors.address_of"

# staff show a code from their telephone besides the password; production demands it
HUBIN_MFA_REQUIRED = env.bool("HUBIN_MFA_REQUIRED", default=False)
MFA_ADAPTER = "grids.login.keeping.MfaAdapter"
MFA_TOTP_ISSUER = "Hubin"

# an OpenID Connect provider for staff; off as long as no issuer is named
HUBIN_OIDC_ISSUER = env("HUBIN_OIDC_ISSUER", default="")
HUBIN_OIDC_CLIENT_ID = env("HUBIN_OIDC_CLIENT_ID", default="")
HUBIN_OIDC_CLIENT_SECRET = env("HUBIN_OIDC_CLIENT_SECRET", default="")
HUBIN_OIDC_NAME = env("HUBIN_OIDC_NAME", default="")
HUBIN_OIDC_SCOPE = env("HUBIN_OIDC_SCOPE", default="openid profile")
# the claim that is the user name here: links a person at the first login, never again
HUBIN_OIDC_CLAIM = env("HUBIN_OIDC_CLAIM", default="")
HUBIN_OIDC_IS_MFA = env.bool("HUBIN_OIDC_IS_MFA", default=False)

# text messages by approved templates; without an address nothing is sent
HUBIN_SMS_URL = env("HUBIN_SMS_URL", default="")
HUBIN_SMS_KEY_ID = env("HUBIN_SMS_KEY_ID", default="")
HUBIN_SMS_KEY = env("HUBIN_SMS_KEY", default="")
HUBIN_SMS_APP = env("HUBIN_SMS_APP", default="")
HUBIN_SMS_SIGN = env("HUBIN_SMS_SIGN", default="")
HUBIN_SMS_REGION = env("HUBIN_SMS_REGION", default="ap-guangzhou")
HUBIN_SMS_LOGIN_TEMPLATE = env("HUBIN_SMS_LOGIN_TEMPLATE", default="")
HUBIN_SMS_FILE = ""  # the demo writes them there instead

# outgoing calls: inside hosts and ranges that may be reached, an authority of one's own
HUBIN_EGRESS_ALLOW = env.list("HUBIN_EGRESS_ALLOW", default=[])
HUBIN_EGRESS_CA = env("HUBIN_EGRESS_CA", default="")
HUBIN_EGRESS_SECONDS = 5.0
HUBIN_EGRESS_BYTES = 5 << 20
