"""Which language somebody reads: the one they chose, else the one their browser asks for."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from portal.models import User

STAFF_ONLY = ("/admin/", "/support/")
IN_ENGLISH = (*STAFF_ONLY, "/api/v1/schema/")
"""The vendor's admin and the document of the APIs, whatever the browser asks for."""


def of_request(request: HttpRequest) -> str:
    """The code of the language that the page is shown in."""
    if request.path_info.startswith(IN_ENGLISH):
        return settings.LANGUAGE_CODE
    chosen = request.user.language if request.user.is_authenticated else ""
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return translation.get_language_from_request(request)


def for_mail(email: str) -> AbstractContextManager[None]:
    """The language in which to write to an address.

    It is the one that its owner chose; else that of whoever caused the mail, who is
    most often the same person or a colleague. The vendor's desk reads English.
    """
    if email in (settings.SUPPORT_EMAIL, settings.SALES_EMAIL):
        return translation.override(settings.LANGUAGE_CODE)
    person = User.objects.filter(email__iexact=email).first()
    chosen = person.language if person else ""
    known = chosen in dict(settings.LANGUAGES)
    return translation.override(chosen if known else translation.get_language())


def choose(user: User, language: str) -> None:
    """Remember the person's choice; anything unknown means what the browser asks for."""
    user.language = language if language in dict(settings.LANGUAGES) else ""
    user.save(update_fields=["language"])
