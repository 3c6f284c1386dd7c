"""A person's choices: which account they look at, the theme and the language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from licensing.numbers import number_in
from portal.sign_in import ways_in
from portal.sign_in.ways_in import CHOSEN_ACCOUNT
from portal.views.access import AccountRequest, open_without_two_step
from portal.views.redirects import next_address, path_of_ours
from portal.views.shell import THEMES
from portal.words import languages

YEAR = 365 * 24 * 3600


@open_without_two_step
@require_POST
def switch_account(request: AccountRequest) -> HttpResponse:
    """Look at another of one's own accounts from now on; ``next`` names the page to go on to."""
    switch(request, number_in(request.POST.get("account", "")))
    return redirect(next_address(request, "portal:home"))


@open_without_two_step
@require_POST
def switch_and_send(request: AccountRequest, account_id: int) -> HttpResponse:
    """Switch, and have the browser send what came along once more, to the address in ``next``."""
    switch(request, account_id)
    address = path_of_ours(request, request.GET.get("next", ""))
    return redirect(address or "portal:home", preserve_request=bool(address))


def switch(request: AccountRequest, account_id: int | None) -> None:
    """Look at this account of the person from now on; Http404 if it is none of theirs."""
    account = get_object_or_404(ways_in.accounts(request), pk=account_id)
    request.session[CHOSEN_ACCOUNT] = account.pk


@open_without_two_step
@require_POST
def set_language(request: AccountRequest) -> HttpResponse:
    """Remember the person's language, for pages and mails."""
    languages.choose(request.user, request.POST.get("language", ""))
    return redirect(next_address(request, "portal:home"))


@open_without_two_step
@require_POST
def set_theme(request: AccountRequest) -> HttpResponse:
    """Remember the theme in a cookie; anything unknown means auto."""
    response = redirect(next_address(request, "portal:home"))
    remember_theme(request, response, request.POST.get("theme", ""))
    return response


def remember_theme(request: AccountRequest, response: HttpResponse, theme: str) -> None:
    """Keep the theme in the browser."""
    response.set_cookie(
        settings.THEME_COOKIE_NAME,
        theme if theme in THEMES else "auto",
        max_age=YEAR,
        samesite="Lax",
        secure=settings.THEME_COOKIE_SECURE,
    )
