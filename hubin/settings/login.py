"""Who gets in and how, and what may leave the house."""

import environ

env = environ.Env()

# staff show a code from their telephone besides the password; production demands it
HUBIN_MFA_REQUIRED = env.bool("HUBIN_MFA_REQUIRED", default=False)
MFA_ADAPTER = "grids.login.keeping.MfaAdapter"
MFA_TOTP_ISSUER = "Hubin"

# outgoing calls: inside hosts and ranges that may be reached, an authority of one's own
HUBIN_EGRESS_ALLOW = env.list("HUBIN_EGRESS_ALLOW", default=[])
HUBIN_EGRESS_CA = env("HUBIN_EGRESS_CA", default="")
HUBIN_EGRESS_SECONDS = 5.0
HUBIN_EGRESS_BYTES = 5 << 20
