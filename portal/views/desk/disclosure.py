"""Whom to tell of a weakness: ``security.txt`` as in RFC 9116."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

GOOD_FOR = dt.timedelta(days=90)


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to write to, in which languages, and by what policy, as the settings say."""
    expires = (timezone.now() + GOOD_FOR).astimezone(dt.UTC).replace(microsecond=0)
    lines = [
        f"Contact: {contact()}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.BASE_URL}{request.path}",
        f"Preferred-Languages: {', '.join(code[:2] for code, _name in settings.LANGUAGES)}",
    ]
    if settings.SECURITY_POLICY_URL:
        lines.append(f"Policy: {settings.SECURITY_POLICY_URL}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def contact() -> str:
    """An address of the web as it is, one of e-mail as a link."""
    to: str = settings.SECURITY_CONTACT
    return to if to.startswith("https://") else f"mailto:{to}"
