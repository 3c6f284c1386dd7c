"""What a browser says it is, in words that its owner knows it by."""

from __future__ import annotations

from django.utils.translation import gettext as _

# The first that is found counts: Edge and Opera also say Chrome, and Chrome also says Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser(user_agent: str) -> str:
    """Which browser and system it is, such as "Firefox on Windows"."""
    name, system = first(BROWSERS, user_agent), first(SYSTEMS, user_agent)
    if not name and not system:
        return _("Another program")
    if not name or not system:
        return name or system
    return _("%(browser)s on %(system)s") % {"browser": name, "system": system}


def is_phone(user_agent: str) -> bool:
    """Whether it says that it is a phone's: all of them have this in it."""
    return "Mobi" in user_agent


def first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    """The name of the first whose mark is in the text, or ""."""
    return next((name for mark, name in known if mark in user_agent), "")
