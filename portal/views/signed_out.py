"""What is answered to whoever is signed in no more: to sign-in, and nothing typed is lost."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.sent import kept_forms, page_marks
from portal.views.redirects import next_address, page_of


def to_sign_in(request: HttpRequest, sign_in: str | None = None) -> HttpResponse:
    """To sign-in, and from there back to the page that the person looked at.

    A form that they sent is kept, and shown to them when they are back (``kept_form``).
    """
    page = page_of(request)
    kept = kept_forms.keep(request, page)
    if kept:
        messages.info(request, _("What you typed is kept. Sign in within the hour to send it."))
    response = go_to(request, redirect_to_login(page, sign_in).url)
    if kept:
        kept_forms.set_cookie(response, kept)
    return response


def is_back(request: HttpRequest) -> HttpResponse:
    """To what one who signed in in another tab meanwhile signs in for here: it is done already."""
    messages.info(request, _("You are signed in already, as %s.") % request.user)
    if kept_forms.of(request, request.user.pk):  # type: ignore[arg-type] # somebody is in
        return redirect("portal:kept_form")
    return redirect(next_address(request, "portal:home"))


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Another page; for one who asked for a fragment, in place of the whole page."""
    if page_marks.is_fragment(request):
        return HttpResponse(status=401, headers={"X-Go-To": url})
    return redirect(url)
