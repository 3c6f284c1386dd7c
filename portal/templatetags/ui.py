"""The template tags that pages are built with (a builtin: no ``{% load %}`` needed).

{% icon "refresh" %}                              a symbol of static/icons.svg
{% state_badge session.state grace_until=… %}     shape, word, colour and explanation
{% when session.refreshed_at %}                   3 min ago
{% length session.length %}                       6 h 12 m
{% meter licence.in_use of=licence.seats %}       drawing and "8 of 10"
{% copy_button key.serial_number _("Copy serial number") %}
{% copy_as_curl "sessions" list.as_asked %}       the API's command for a page's list
{% toast message %}                               a message of Django's, with its Undo
{{ session.user_agent|browser_name }}            Firefox on Windows
{{ hit.name|marked:search.words }}                what was looked for, marked
{{ licence.seats|in_thousands }}                  12,000, on pages that are in English alone
{{ level.key|breakable }}                         may wrap after each slash, "@" and "_"
{{ session.username|one_line }}                   without what turns text round
{% setting "BRAND_NAME" %}                        works without context processors
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.context import Context
from django.template.defaultfilters import stringfilter
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from licensing import policies
from licensing.names import on_one_line
from portal.api import curl
from portal.mail import failing, mails
from portal.models import Delivery, Role, User
from portal.sign_in.standing import visit_of
from portal.words import marks, meters, states, times
from portal.words.browsers import browser

register = template.Library()
register.filter("browser_name", browser)
register.filter("one_line", stringfilter(on_one_line))

SHOWN_SETTINGS = {"BRAND_NAME", "VENDOR_NAME", "SUPPORT_EMAIL", "SALES_EMAIL", "VERSION"}


@register.filter
def in_thousands(number: object) -> object:
    """Print a whole number as the sentences of the vendor's pages have it: 12,000."""
    return f"{number:,}" if isinstance(number, int) else number


@register.filter
def breakable(path: object) -> SafeString:
    """Print a path, an address, or words with one: lines may end after what joins its parts."""
    parts = re.split(r"(?<=[\\/@_])(?![\\/@_])", str(path))
    return format_html_join(SafeString("<wbr>"), "{}", [(part,) for part in parts])


@register.filter
def how_it_stands(mail: Delivery) -> str:
    """Print whether a mail was sent, waits, or could not be delivered, in a sentence or two."""
    return mails.how_it_stands(mail)


@register.filter
def how_mail_fails(user: User) -> str:
    """Why mails to somebody do not arrive, and since when."""
    return failing.how_it_fails(user)


@register.simple_tag
def setting(name: str) -> str:
    """Print one of the settings that pages may show, also where no context processor runs."""
    if name not in SHOWN_SETTINGS:
        raise template.TemplateSyntaxError(f"The setting {name!r} is not for pages.")
    return str(getattr(settings, name, ""))


@register.simple_tag
@functools.lru_cache(maxsize=256)  # a page has forty
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of the sprite: decoration, or with ``label`` a picture that has a name."""
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" width="20" height="20" role="img" aria-label="{}">'
            '<use href="{}"/></svg>',
            label,
            href,
        )
    return format_html(
        '<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}"/></svg>',
        href,
    )


@register.inclusion_tag("_state_badge.html")
def state_badge(
    name: str,
    at: dt.datetime | dt.date | None = None,
    *,
    grace_until: dt.datetime | None = None,
    reclaim_at: dt.datetime | None = None,
) -> dict[str, Any]:
    """Show a state of ``states.STATES`` as shape and word, in its tone.

    ``at`` dates the word where one is dated ("Starts 1 Mar"); a session's
    ``grace_until`` and ``reclaim_at`` fill the explanation shown on hover and focus.
    """
    now = timezone.now()
    state = states.state_of(name)
    tip = states.tip_of(name, grace_until=grace_until, reclaim_at=reclaim_at, now=now)
    return {
        "state": name,
        "shape": state.shape,
        "tone": state.tone,
        "word": states.word_of(state, at, now=now),
        "is_dated": bool(isinstance(at, dt.datetime) and state.dated),
        "tip": tip,
    }


@register.simple_tag
def when(value: dt.datetime | dt.date | None, style: str = "short", empty: str = "–") -> SafeString:
    """Show a moment or a date as ``<time>``, its full form as title.

    ``style`` "short" says "3 min ago" for less than 24 h, else "1 Dec 06:42", which "listed"
    always does; "full" names the zone, "paper" the year too; "clock" is the time of a day that
    stands above; "weekday" is of a date alone.
    """
    if value is None:
        return format_html('<span class="none">{}</span>', empty)
    if not isinstance(value, dt.datetime):
        today = None if style == "paper" else timezone.localdate()
        words = times.date_in_words(value, today=today)
        if style == "weekday":
            words = times.weekday_in_words(value, today=timezone.localdate())
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)
    if style == "paper":
        words = times.moment_in_full(value, now=None)
        return format_html('<time datetime="{}">{}</time>', times.utc_stamp(value), words)
    now = timezone.now()
    full = times.moment_in_full(value, now=now)
    if style == "full":
        return format_html('<time datetime="{}">{}</time>', times.utc_stamp(value), full)
    listed = times.moment_in_lists(value, now=now)
    if style in ("clock", "listed"):
        shown = listed if style == "listed" else timezone.localtime(value).strftime("%H:%M")
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', times.utc_stamp(value), full, shown
        )
    return format_html(
        '<rel-time><time datetime="{}" title="{}" data-later="{}">{}</time></rel-time>',
        times.utc_stamp(value),
        full,
        listed,
        times.moment_in_short(value, now=now),
    )


@register.simple_tag
def when_text(value: dt.datetime) -> str:
    """Print a moment in full without markup, for the text part of a mail."""
    return times.moment_in_full(value, now=timezone.now())


@register.simple_tag
def day_text(value: dt.datetime) -> str:
    """Print the day of a moment without markup, for the subject of a mail."""
    return times.date_in_words(timezone.localdate(value), today=timezone.localdate())


@register.simple_tag
def days_until(value: dt.datetime) -> int:
    """In how many days a moment comes, counted as days begin where the reader is."""
    return (timezone.localdate(value) - timezone.localdate()).days


@register.simple_tag
def span(value: dt.timedelta | None, empty: str = "–") -> str:
    """Print a duration that somebody chose, exactly: "90 s", "15 min", "48 h"."""
    return empty if value is None else policies.span(value)


@register.simple_tag
def length_since(start: dt.datetime | None, empty: str = "–") -> SafeString:
    """Print how long ago ``start`` was, as a length: "6 h 12 m", which a script keeps true."""
    if start is None:
        return format_html("{}", empty)
    return format_html(
        '<rel-time><time datetime="{}" data-length>{}</time></rel-time>',
        times.utc_stamp(start),
        times.length_in_words(timezone.now() - start),
    )


@register.inclusion_tag("_meter.html")
def meter(used: int, *, of: int, words: bool = True, level: str = "") -> dict[str, Any]:
    """Draw ``used`` of the seats ``of`` a licence, with the words "8 of 10" beside it.

    ``words=False`` leaves them out where the page says them already; ``level`` is for what is
    no shortage when it is full.
    """
    return {
        "words": words,
        "used": used,
        "total": of,
        "level": level or meters.level_of(used, of),
        "blocks": meters.blocks_of(used, of),
        "width": meters.WIDTH,
    }


@register.inclusion_tag("_copy_button.html")
def copy_button(value: object, label: str, *, hidden: bool = False) -> dict[str, object]:
    """Print a button that copies ``value``; hidden where scripts are off.

    ``hidden``: until a script has something to copy (in ``<secret-field>``).
    """
    return {"value": value, "label": label, "hidden": hidden}


@register.inclusion_tag("_copy_as_curl.html", takes_context=True)
def copy_as_curl(
    context: Context, listed: str, filters: Mapping[str, object], note: str = ""
) -> dict[str, object]:
    """Print a button that copies the command by which a program reads this page's list.

    ``listed`` names the list in the customer API, ``filters`` are the page's, as the API
    calls them: all of them, for what is left out copies another list. For
    owners only, who can make the token that the command needs. ``note`` says what else it reads.
    """
    membership = getattr(context["request"], "membership", None)
    is_owner = membership is not None and membership.allows(Role.OWNER)
    if not is_owner or visit_of(context["request"]):
        return {}
    return {"command": curl.command(listed, filters), "note": note}


@register.inclusion_tag("_toast.html", takes_context=True)
def toast(context: Context, message: Message) -> dict[str, object]:
    """Print a message. Its tags undo it: an address, or ``undo`` (``block``), session and user."""
    request: HttpRequest = context["request"]
    tags = message.extra_tags or ""
    shown = {"text": message, "tone": message.level_tag, "next": request.get_full_path()}
    if tags.startswith("/"):
        return shown | {"undo_url": tags}
    may, released, person = [*tags.split(" ", 2), "", ""][:3]
    return shown | {"released": released, "can_undo": may == "undo", "person": person}


@register.filter
def marked(text: str, words: list[str]) -> SafeString:
    """Mark the words of a search where they are in a text."""
    return marks.marked(text, words)


@register.simple_tag
def server_time() -> str:
    """Print the server's time, so that scripts need not trust the PC's clock."""
    return times.utc_stamp(timezone.now())


@register.simple_tag
def when_printed() -> str:
    """Print the time at which the page was made, with its year and zone, for the head of sheets."""
    return times.moment_in_full(timezone.now(), now=None)


@register.simple_tag
def zone_name() -> str:
    """Print the viewer's time zone: "Europe/London (GMT)"."""
    return f"{timezone.get_current_timezone_name()} ({timezone.localtime().tzname()})"
