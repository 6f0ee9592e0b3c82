"""The API: what it reads and writes, who may ask and how often."""

from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tickets.api.principals.ClientAuthentication",
        "grids.api.TokenAuthentication",
        "grids.api.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "tickets.api.principals.IsForClients",
        "grids.api.HasScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["common.throttles.Pace"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.wire.StrictJson"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "common.wire.AlwaysJson",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "common.openapi.HouseSchema",
    "EXCEPTION_HANDLER": "common.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Hubin 湖滨",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": _("有报必接，有接必处，有处必果，有果必复。工单的每一步都可以由程序来做。"),
    "SWAGGER_UI_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
# requests a minute: of a person for reading and for changing, of an address without a login
HUBIN_API_READS = env.int("HUBIN_API_READS", default=1200)
HUBIN_API_WRITES = env.int("HUBIN_API_WRITES", default=300)
HUBIN_API_ANONYMOUS = env.int("HUBIN_API_ANONYMOUS", default=60)
