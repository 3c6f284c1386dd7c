"""What every page's shell shows: the brand, the way round, and the viewer's choices."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext, gettext_lazy

from licensing.typed import KEY_SHAPE
from portal.sign_in import ways_in
from portal.sign_in.standing import visit_of
from portal.views import visiting
from portal.words.aliases import names_for

THEMES = ("auto", "light", "dark")


@dataclasses.dataclass(frozen=True)
class NavItem:
    """One entry of the navigation."""

    label: str | Promise
    icon: str
    url: str
    is_current: bool = False
    key: str = ""
    """What is pressed after "g" to go there."""
    count: int = 0
    """How many wait there."""


PORTAL_NAV = [
    ("portal:home", gettext_lazy("Home"), "home"),
    ("portal:licences", gettext_lazy("Licences"), "certificate"),
    ("portal:sessions", gettext_lazy("Sessions"), "activity"),
    ("portal:usage", gettext_lazy("Usage"), "chart-bar"),
    ("portal:alerts", gettext_lazy("Alerts"), "bell"),
]
MANAGER_NAV = [("portal:audit", gettext_lazy("Audit log"), "history")]
OWNER_NAV = [
    ("portal:people", gettext_lazy("People"), "users"),
    ("portal:security", gettext_lazy("Security"), "shield-check"),
    ("portal:api_tokens", gettext_lazy("API"), "code"),
    ("portal:webhooks", gettext_lazy("Webhooks"), "webhook"),
    ("portal:settings", gettext_lazy("Settings"), "building"),
]
ASK_NAV = [
    ("portal:reports", gettext_lazy("Reports"), "mail"),
    ("portal:requests", gettext_lazy("Requests"), "lifebuoy"),
]
KEYS = {
    "portal:home": "h",
    "portal:licences": "l",
    "portal:sessions": "s",
    "portal:usage": "u",
    "portal:audit": "a",
}
STAFF_NAV = [
    ("support:find", gettext_lazy("Support"), "lifebuoy"),
    ("admin:index", gettext_lazy("Admin"), "settings"),
]

SUPERVISORS_NAV = [("support:activity", gettext_lazy("Staff activity"), "history")]
SEES_ACTIVITY = "support.activity_see"
"""What the vendor's table of rights calls it."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what ``base.html`` prints."""
    return {
        "brand_name": settings.BRAND_NAME,
        "version": settings.VERSION,
        "support_email": settings.SUPPORT_EMAIL,
        "sales_email": settings.SALES_EMAIL,
        "theme": chosen_theme(request),
        "themes": THEMES,
        "languages": settings.LANGUAGES,
        "nav": SimpleLazyObject(lambda: nav_for(request)),
        "memberships": SimpleLazyObject(lambda: memberships_of(request)),
        "is_by_provider_alone": is_by_provider_alone(request),
        "key_shape": KEY_SHAPE,
        "search_hint": SimpleLazyObject(lambda: search_hint(request)),
    }


def chosen_theme(request: HttpRequest) -> str:
    """Return the theme that the viewer's cookie names: auto, light or dark."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in THEMES else "auto"


def nav_for(request: HttpRequest) -> list[NavItem]:
    """Return the navigation of this person: only pages that exist and that they may open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    membership = getattr(request, "membership", None)
    entries = list(PORTAL_NAV) if membership else []
    if membership and membership.role == "owner":
        entries += OWNER_NAV
    if membership and membership.role in ("owner", "manager"):
        entries += MANAGER_NAV
    if membership:
        entries += ASK_NAV
    if visit_of(request):
        entries = [entry for entry in entries if entry[0] in visiting.SHOWN]
    elif user.is_staff:
        entries += STAFF_NAV
        entries += SUPERVISORS_NAV if user.has_perm(SEES_ACTIVITY) else []
    items = (nav_item(*entry, path=request.path) for entry in entries)
    return [item for item in items if item]


def nav_item(name: str, label: str | Promise, icon: str, *, path: str) -> NavItem | None:
    """Return a link to the named URL (None if there is none), current there and beneath it."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    is_current = path == url if url == "/" else path.startswith(url)
    return NavItem(label, icon, url, is_current, KEYS.get(name, ""))


def memberships_of(request: HttpRequest) -> list[Any]:
    """Return the viewer's memberships that pages may name, by the account's name.

    None of somebody who holds one alone: there is nothing to switch to.
    """
    user = getattr(request, "user", None)
    standing = getattr(request, "standing", None)
    if user is None or standing is None or not standing.has_others:
        return []
    named = user.memberships.filter(account__in=ways_in.accounts(request))
    return list(named.select_related("account"))


def is_by_provider_alone(request: HttpRequest) -> bool:
    """Return whether other accounts of the viewer's may be there, which no page names."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and not ways_in.has_own(request.session))


def search_hint(request: HttpRequest) -> str:
    """Return what this person can search for from every page; nothing without an account."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return ""
    if names_for(membership).are_aliases:
        return gettext("Search licences, serial numbers…")
    return gettext("Search people, machines, serial numbers…")
