"""The session look-up: from what somebody reads out to the story of what happened to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from licensing.models import AuditEntry, ClientSession, Denial
from licensing.numbers import number_in
from licensing.usage.working_time import zone_of
from portal.words.aliases import real_names
from portal.words.sentences import sentence
from support.console import shell
from support.console.access import staff_only
from support.console.near import near
from support.console.stories import looked_up
from support.console.stories.looked_up import Event
from support.console.stories.story import address_of, story_of, told
from support.console.table import may_see

DAYS_OF_A_MONTH = 30.4
TITLE = re.compile(r"(?<=\S) on (?=\S)")
"""Between user and machine, as a story is headed."""
KEPT = (
    "They are kept {kept}. Starts of programs that were refused have one, and what people did; of "
    "several tries within ten minutes the last one counts. Of a program that was refused later, "
    "the last one is known for a week. What was done as asked has none: look for the user and the "
    "machine instead, or for the session's id."
)
NAMES = (
    "Who holds a seat is found by any part of the user's or the machine's name, what is over by "
    "how one of them begins, and refusals of the last 31 days by any part."
)


@require_safe
@staff_only
def look_up(request: HttpRequest) -> HttpResponse:
    """The last event that is called so, and the others; what else the request of the id did."""
    if not all(may_see(request.user, model) for model in (Denial, ClientSession)):
        raise PermissionDenied
    typed = request.GET.getlist("q")
    words = " ".join(typed).strip()
    events = asked_for(request, words)
    title, text = not_found(words)
    own: dict[str, Any] = {
        "words": " ".join(typed[:1]),
        "machine": " ".join(typed[1:]),
        "entries": entries(request, words),
        "is_asked": bool(words or "denial" in request.GET),
        "not_found": title,
        "why_not_found": text,
        "in_find": reverse("support:found", query={"q": words}) if words else "",
    }
    if events:
        own |= told_of(events, request)
    elif words and not own["entries"]:
        own["near"] = near(words, request.user)
    return shell.page(request, "support/story.html", own)


def not_found(words: str) -> tuple[str, str]:
    """What is said where nothing is found: of a reference how long it is kept, of names how they
    are looked for."""
    if words and not looked_up.is_reference(words):
        return "Nobody, and no machine, is called that.", NAMES
    return "Nothing has this reference.", KEPT.format(kept=kept())


def told_of(events: Sequence[Event], request: HttpRequest) -> dict[str, Any]:
    """The story of the first, and what leads to the others; times are those of its account."""
    first, *others = events
    zone = zone_of(first.account) if first.account else timezone.get_current_timezone()
    with timezone.override(zone):
        story = story_of(first, request.user)
        more = [(told(other), other, address_of(other)) for other in others]
    return {"story": story, "others": more, "zone": zone}


def asked_for(request: HttpRequest, words: str) -> list[Event]:
    """What the address asks for, the last first."""
    number = number_in(request.GET.get("denial", ""))
    if number is not None:
        return list(looked_up.refusals().filter(pk=number))
    by_name = looked_up.refused_by, looked_up.session_of, looked_up.refused_later
    found: list[Event] = [event for look in by_name for event in look(words)]
    names = [name for typed in request.GET.getlist("q") for name in TITLE.split(typed, maxsplit=1)]
    return found or looked_up.of_names([word for name in names for word in name.split()])


def entries(request: HttpRequest, words: str) -> list[tuple[AuditEntry, str]]:
    """What the request of this id did, in sentences."""
    if not may_see(request.user, AuditEntry):
        return []
    return [(one, sentence(one, real_names(one.account))) for one in looked_up.done_by(words)]


def kept() -> str:
    """For how long refusals and sessions are kept: in months where it comes to some."""
    days = settings.KEEP_HISTORY_DAYS
    return (
        f"{round(days / DAYS_OF_A_MONTH)} months" if days >= 2 * DAYS_OF_A_MONTH else f"{days} days"
    )
