"""Forms that somebody sent whose sign-in had ended: kept for them until they are in again.

They are kept on the server, the last one of each browser, for an hour. The browser has a
cookie that names it, and only the person whom the form's page was shown to sees it again,
whichever way they sign in. Passwords, codes, keys, tokens and files are never kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
from typing import NamedTuple

from allauth.core import ratelimit
from django.conf import settings
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from licensing.history import delete_in_batches
from licensing.typed import KEY_SHAPE
from portal.models import KeptForm
from portal.sent import page_marks

KEEP = dt.timedelta(hours=1)
LONGEST = 50_000
BYTES_OF_COOKIE = 24
CSRF_FIELD = "csrfmiddlewaretoken"
SECRET = re.compile("password|secret|code|token|credential|product_key", re.IGNORECASE)
SHOWN_KEY = re.compile(KEY_SHAPE)
SAYS_NOTHING = frozenset({page_marks.FIELD, "next", "seen"})
"""Fields that a page fills in by itself."""
NOT_WORTH_IT = frozenset(
    {"portal:set_theme", "portal:set_language", "portal:switch_account", "portal:switch_and_send"}
)
"""Choices of one press, for which nothing was typed."""


class Typed(NamedTuple):
    """What a form holds, without secrets, and whether it held any."""

    fields: list[tuple[str, str]]
    has_secrets: bool


def typed_in(request: HttpRequest) -> Typed:
    """What was typed and chosen, and the form's own mark.

    Secrets are left out, for no page may show them.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != CSRF_FIELD
    ]
    kept = [field for field in fields if not is_secret(*field)]
    return Typed(kept, len(kept) < len(fields))


def is_secret(name: str, value: str) -> bool:
    """Whether a field is one for secrets, or holds a product key wherever it was pasted."""
    return bool(SECRET.search(name) or SHOWN_KEY.search(value))


def is_sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def keep(request: HttpRequest, page: str) -> str:
    """Keep what was sent from the page; return what the browser's cookie is to say.

    Nothing for what is no form of a person's page, has nothing typed, is too long, or is one of
    too many.
    """
    mark = page_marks.sent_with(request) if request.method == "POST" else None
    typed = typed_in(request) if mark else Typed([], has_secrets=False)
    if mark is None or not is_worth_it(request, typed) or not may_be_kept(request, typed):
        return ""
    cookie = request.COOKIES.get(settings.KEPT_FORM_COOKIE_NAME) or new_cookie()
    KeptForm.objects.update_or_create(
        browser=digest_of(cookie),
        defaults={
            "person": mark.person,
            "account": mark.account,
            "address": request.get_full_path(),
            "page": page,
            "fields": typed.fields,
            "is_partial": typed.has_secrets or bool(request.FILES),
            "kept_at": Now(),
            "is_shown": False,
        },
    )
    return cookie


def is_worth_it(request: HttpRequest, typed: Typed) -> bool:
    """Whether the form is more than one press."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    has_words = any(value and name not in SAYS_NOTHING for name, value in typed.fields)
    return has_words and match.view_name not in NOT_WORTH_IT


def may_be_kept(request: HttpRequest, typed: Typed) -> bool:
    """Whether it comes from a page of ours, is short enough, and not one of too many."""
    if not is_sent_from_here(request) or len(json.dumps(typed.fields)) > LONGEST:
        return False
    return ratelimit.consume(request, action="kept_form")


def new_cookie() -> str:
    """What nobody can guess."""
    return secrets.token_urlsafe(BYTES_OF_COOKIE)


def digest_of(cookie: str) -> str:
    """As what a browser is known in the database."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def set_cookie(response: HttpResponse, cookie: str) -> None:
    """Have the browser name its form when it comes back."""
    response.set_cookie(
        settings.KEPT_FORM_COOKIE_NAME,
        cookie,
        max_age=KEEP,
        httponly=True,
        samesite="Lax",
        secure=settings.KEPT_FORM_COOKIE_SECURE,
    )


def of(request: HttpRequest, person: int) -> KeptForm | None:
    """What this browser sent, if it was from a page of this person, not long ago."""
    cookie = request.COOKIES.get(settings.KEPT_FORM_COOKIE_NAME)
    if not cookie:
        return None
    found = KeptForm.objects.filter(browser=digest_of(cookie), person=person)
    return found.filter(kept_at__gt=Now() - KEEP).first()


def waits_for(request: HttpRequest, person: int) -> bool:
    """Whether the person has not seen yet that their form is kept."""
    kept = of(request, person)
    return kept is not None and not kept.is_shown


def note_shown(kept: KeptForm) -> None:
    """The person has seen it: the next sign-in leads where it would."""
    KeptForm.objects.filter(pk=kept.pk).update(is_shown=True)


def forget() -> int:
    """Delete what nobody came back for within the hour; return how many."""
    return delete_in_batches(KeptForm.objects.filter(kept_at__lte=Now() - KEEP))
