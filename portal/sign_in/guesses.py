"""The brake on guessing passwords, which keeps nobody out of their own account.

Wrong passwords count for a person and an address together (allauth counts them), so that who
guesses elsewhere bars nobody. Against guesses from ever new addresses they count for the
person alone too; beyond that a password is taken only where the person has signed in of
late. A mailed code and a passkey stay open all the while. Without a cache the brake is open.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from licensing.api import addresses, brake
from portal.mail import mails
from portal.models import User
from portal.sign_in import alarms, security_changes, sign_ins

HOUR, DAY = 3600, 24 * 3600
TOLD_FROM = 10
MOST_AN_HOUR = 50
MOST_CODES_AN_HOUR = 20


def are_too_many(request: HttpRequest, email: str) -> bool:
    """Whether no password is taken for this person, from where they never signed in."""
    return seen("passwords", email) >= MOST_AN_HOUR and not is_at_home(request, email)


def are_too_many_codes(request: HttpRequest, email: str) -> bool:
    """Whether this person gets no more mails with codes, for somebody elsewhere; counts it."""
    asked = brake.count(counter("codes", email), seconds=HOUR)
    return asked > MOST_CODES_AN_HOUR and not is_at_home(request, email)


def is_at_home(request: HttpRequest, email: str) -> bool:
    """Whether the request comes from a network where the person signed in of late."""
    user, address = User.objects.of_address(email), addresses.of(request)
    return bool(user and address and sign_ins.is_known_network(user, address))


def failed(request: HttpRequest, email: str) -> None:
    """Count a wrong password; from the tenth in an hour on the person hears of it, once a day."""
    user = User.objects.of_address(email)
    times = brake.count(counter("passwords", email), seconds=HOUR)
    alarms.not_let_in(request, "sign_in_failed", user)
    if user and times >= TOLD_FROM and cache.add(counter("told", email), 1, timeout=DAY):
        tell(request, user)


def braked(request: HttpRequest, email: str) -> None:
    """Note that a password was not even looked at."""
    alarms.not_let_in(request, "sign_in_braked", User.objects.of_address(email))


def tell(request: HttpRequest, user: User) -> None:
    """Mail the person that somebody tries to guess their password, and from where."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    context = {
        "origin": security_changes.origin_of(addresses.of(request) or "", agent),
        "at": timezone.now(),
        "url": settings.BASE_URL + reverse("mfa_index"),
    }
    mails.write("wrong_passwords", context, to=user.email, asked_by=user)


def seen(kind: str, email: str) -> int:
    """How often it was counted this hour; 0 without a cache."""
    return cache.get(counter(kind, email)) or 0


def counter(kind: str, email: str) -> str:
    """The name of what counts for an address, known or not."""
    return f"guesses:{kind}:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
