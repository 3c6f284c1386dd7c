"""How the APIs are read, answered and described: of Django REST framework and drf-spectacular."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "ALLOWED_VERSIONS": ["1"],  # else any text is taken for one, into a header of the schema
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "licensing.api.negotiation.WhatThereIs",
    "EXCEPTION_HANDLER": "licensing.api.docs.problem_of",
}
SPECTACULAR = {
    "TITLE": "Cloud connected licensing",
    "DESCRIPTION": (
        "The API by which desktop software takes, refreshes and returns licences, and the API "
        "by which an account's own programs read its licences and sessions; webhooks tell its "
        "systems what happens. By the vendor's API our own shop opens accounts and sells licences: "
        "no customer's token opens it. Every error "
        "is a problem document (RFC 9457); switch on its `code`. "
        "[All codes](problems/) have a page of their own."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["portal.api.webhooks.describe"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "session_token": {
                "type": "http",
                "scheme": "bearer",
                "description": "The token that the check-out answered.",
            },
            "product_key": {
                "type": "http",
                "scheme": "basic",
                "description": "The serial number as user name, the product key as password.",
            },
            "api_token": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API token, which owners of an account make in the portal.",
            },
            "staff_token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A staff token, which the vendor's staff make in the console.",
            },
        }
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    # An operation's path would be a link inside a button, which no screen reader can tell apart.
    "SWAGGER_UI_SETTINGS": """{
        deepLinking: true,
        syntaxHighlight: { theme: "tomorrow-night" },
        plugins: [
            ({ React }) => ({
                components: { DeepLink: ({ text }) => React.createElement("span", null, text) },
            }),
        ],
    }""",
}
