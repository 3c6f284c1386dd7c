"""The mails of the demo."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from support.console import shell
from support.demo import mails as kept

MAIL_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}
"""A mail has its own style and links that are followed; it runs nothing and fetches nothing."""


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The mails that the demo kept, a line each."""
    mails = kept.newest_first(folder(request))
    return shell.page(request, "support/mails.html", {"mails": mails})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """What one of them says."""
    return shell.page(request, "support/mail.html", {"mail": found(request, name)})


@require_safe
@xframe_options_sameorigin
@csp_override(MAIL_CSP)
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Its HTML part, for the frame in its page; links open in the whole window."""
    html = found(request, name).html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


def found(request: HttpRequest, name: str) -> kept.Mail:
    """The mail of this name, or 404."""
    mail = kept.named(name, folder(request))
    if mail is None:
        raise Http404
    return mail


def folder(request: HttpRequest) -> Path:
    """Where the demo keeps mails, for staff; 404 for anybody else and outside the demo."""
    kept_in = kept.folder()
    if kept_in is None or not request.user.is_staff:
        raise Http404
    return kept_in
