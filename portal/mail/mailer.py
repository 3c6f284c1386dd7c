"""What sends mail, as MAIL_BACKEND and MAIL_OPTIONS set it up."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.utils.module_loading import import_string

TYPES: dict[str, tuple[type, ...]] = {
    "host": (str,),
    "port": (int,),
    "username": (str, type(None)),
    "password": (str, type(None)),
    "use_tls": (bool,),
    "use_ssl": (bool,),
    "timeout": (int, float),
    "ssl_keyfile": (str, type(None)),
    "ssl_certfile": (str, type(None)),
}
"""Of the options that backends share. Text in the place of a truth value would be true."""


def fault() -> str:
    """What is wrong with the settings, in a line without any of their values; empty if nothing."""
    mailer = settings.MAILERS["default"]
    try:
        import_string(mailer["BACKEND"])
    except ImportError:
        return "MAIL_BACKEND names no class that can be imported."
    if apps.is_installed("anymail") and not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return "ANYMAIL needs a WEBHOOK_SECRET, or anybody could tell that mails came back."
    if wrong := of_wrong_type(mailer.get("OPTIONS", {})):
        return f"MAIL_OPTIONS: {', '.join(wrong)} must be of another type of JSON."
    return fault_of_options()


def of_wrong_type(options: dict[str, Any]) -> list[str]:
    """The names of options that no backend could use as they are."""
    return [
        name
        for name, value in options.items()
        if type(value) not in TYPES.get(name, (type(value),))
    ]


def fault_of_options() -> str:
    """What the backend has against its options, in a line; empty if nothing."""
    try:
        mailers["default"]
    except ImproperlyConfigured as error:
        return f"MAIL_OPTIONS: {str(error).removeprefix("MAILERS['default']: ")}"
    except (TypeError, ValueError):
        return "MAIL_OPTIONS are not those of MAIL_BACKEND."
    return ""
