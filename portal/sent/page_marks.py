"""Whose page something was sent from: one browser has one session, but many tabs.

A page that somebody opened in one of their accounts still looks like it after they switched to
another, or somebody else signed in, in a second tab. So every form and every script of a page
sends the page's mark along, and ``access.role_required`` refuses what another account's page
sends. A mark is no secret and proves nothing: it tells what the person saw.
"""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple

from django.http import HttpRequest

FIELD = "sent_from"
HEADER = "HTTP_X_SENT_FROM"
FOR_A_SCRIPT = "X-Requested-With"
BY_ITSELF = ("rows", "bell")
BYTES_OF_ID = 12
NO_ACCOUNT = 0
WRITTEN = re.compile(r"(\d{1,18})-(\d{1,18})(?:\.([\w-]{16}))?", re.ASCII)


class StalePageError(Exception):
    """What a page sent that is another account's or person's than the session is."""


class Mark(NamedTuple):
    """The account and the person that a page was shown to; of a form, which one it is."""

    account: int
    person: int
    form: str = ""

    @property
    def page(self) -> Mark:
        """The mark of the page that the form stands on."""
        return self._replace(form="")

    def __str__(self) -> str:
        return f"{self.account}-{self.person}" + (f".{self.form}" if self.form else "")


def of_page(request: HttpRequest) -> Mark | None:
    """The mark of the page that is answered now; None for strangers.

    Whoever looks at no account (``NO_ACCOUNT``) is a person all the same.
    """
    membership = getattr(request, "membership", None)
    if membership:
        return Mark(membership.account_id, membership.user_id)
    user = getattr(request, "user", None)
    return Mark(NO_ACCOUNT, user.pk) if user and user.is_authenticated else None


def of_new_form(request: HttpRequest) -> Mark | None:
    """A mark that no other form has."""
    page = of_page(request)
    return page and page._replace(form=secrets.token_urlsafe(BYTES_OF_ID))


def sent_with(request: HttpRequest) -> Mark | None:
    """The mark that came along; None without one, and for what is none.

    A request that waited for the password has its own ``META``, but not its own ``headers``.
    """
    written = request.POST.get(FIELD) or request.META.get(HEADER, "")
    match = WRITTEN.fullmatch(written)
    return Mark(int(match[1]), int(match[2]), match[3] or "") if match else None


def is_fragment(request: HttpRequest) -> bool:
    """Whether a script of a page asks, to put the answer into that page.

    The header says for what: "rows", "bell", "release", "dialog" or "drawer".
    """
    return FOR_A_SCRIPT in request.headers


def is_by_itself(request: HttpRequest) -> bool:
    """Whether a page asks by itself, to keep a part of it fresh: nobody pressed anything."""
    return request.headers.get(FOR_A_SCRIPT) in BY_ITSELF


def is_of_this_page(request: HttpRequest) -> bool:
    """Whether the request may come from a page of the account and person in the session.

    What is only read as a whole page may come from anywhere: it says whose it is.
    """
    if request.method in ("GET", "HEAD") and not is_fragment(request):
        return True
    mark = sent_with(request)
    return mark is not None and mark.page == of_page(request)
