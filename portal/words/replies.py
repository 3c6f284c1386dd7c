"""What somebody who wrote to support is answered: what happened to them, what they can do, and
their reference; never a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.models import ClientSession, Denial
from licensing.models.sessions import EndReason, SessionState
from licensing.names import on_one_line
from portal.words.refusals import Reason, machines_in_words, people_in_words
from portal.words.times import moment_in_full

OF_REFUSAL: dict[str, Promise] = {
    Reason.POOL_EXHAUSTED: gettext_lazy(
        "%(in_use)s of %(seats)s seats of %(licence)s were in use. "
        "The program can be started again as "
        "soon as somebody has closed it. Under Sessions in the portal you see who holds a "
        "seat, and a manager can release one that nobody is using."
    ),
    Reason.DEVICE_LIMIT: gettext_lazy(
        "%(licence)s is in use on another device. Please move it away from there first, in "
        "the program or on the licence's page in the portal. If that device is lost or "
        "broken, tell us, and we free it."
    ),
    Reason.ACCESS_BLOCKED: gettext_lazy(
        "an access rule of your organisation keeps this user or machine from %(licence)s. An "
        "owner or manager of your account can lift it in the portal."
    ),
    Reason.KEY_INVALID: gettext_lazy(
        "the serial number and the product key did not belong together. Please copy both from"
        " the portal, or ask your IT department for them. Do not send us the product key: its"
        " last four characters are enough."
    ),
    Reason.KEY_SUPERSEDED: gettext_lazy(
        "its product key has been replaced. Please ask your IT department for the new one; an"
        " owner or manager of your account finds it in the portal."
    ),
    Reason.KEY_REVOKED: gettext_lazy(
        "its product key has been revoked. Please ask your IT department for another; an "
        "owner or manager of your account finds it in the portal."
    ),
    Reason.LICENCE_SUSPENDED: gettext_lazy(
        "%(licence)s was suspended. Whoever manages your licences knows why, or asks us."
    ),
    Reason.LICENCE_CLOSED: gettext_lazy(
        "%(licence)s has been closed. Please ask whoever manages your licences for the key of"
        " another."
    ),
    Reason.LICENCE_NOT_STARTED: gettext_lazy(
        "%(licence)s had not started yet. It can be used from its first day on."
    ),
    Reason.LICENCE_EXPIRED: gettext_lazy(
        "%(licence)s had ended. As soon as it is renewed the program can be started again, "
        "with the same key."
    ),
    Reason.VERSION_NOT_SUPPORTED: gettext_lazy(
        "version %(version)s of the program is too old for this licence. Please install a "
        "later one; the licence and its key stay as they are."
    ),
    Reason.PRODUCT_MISMATCH: gettext_lazy(
        "the key that was entered is for another of our products. Please enter the key of a "
        "licence for this program."
    ),
    Reason.FEATURE_NOT_LICENSED: gettext_lazy(
        "%(licence)s does not include every feature that the program asked for. It can be "
        "started without, or the feature can be added to the licence."
    ),
}
"""By the code of a refusal, after who was refused, where and when."""
OF_SESSION: dict[str, Promise] = {
    SessionState.ACTIVE: gettext_lazy(
        "%(person)s is using %(licence)s on %(machine)s, and the program is in touch. The "
        "seat comes back when it is closed."
    ),
    SessionState.QUIET: gettext_lazy(
        "%(person)s is using %(licence)s on %(machine)s. The program has not been in touch "
        "for some minutes; please check the connection of that computer. Nobody is thrown "
        "out."
    ),
    SessionState.OFFLINE: gettext_lazy(
        "%(machine)s works offline with %(licence)s and keeps its seat. Connect it, or close "
        "the program while it is connected, and the seat comes back. An owner or manager can "
        "also release it in the portal."
    ),
    SessionState.HELD: gettext_lazy(
        "%(machine)s has not been in touch for so long that its grace period is over, and its"
        " seat of %(licence)s still counts. An owner or manager can release it in the portal."
    ),
    SessionState.ENDING: gettext_lazy(
        "the session of %(person)s on %(machine)s ends with its next contact, for %(licence)s"
        " is over or an access rule of your organisation bars it."
    ),
    EndReason.CLOSED: gettext_lazy(
        "%(person)s closed the program on %(machine)s, and its seat of %(licence)s came back."
    ),
    EndReason.RELEASED: gettext_lazy(
        "the seat of %(licence)s that %(person)s held on %(machine)s was released. "
        "The program stays open, and takes a new seat when it is started "
        "again."
    ),
    EndReason.RECLAIMED: gettext_lazy(
        "nothing was heard of the program on %(machine)s for long, so its seat of %(licence)s"
        " came back. It takes one again when it is in touch, if one is free."
    ),
    EndReason.REPLACED: gettext_lazy(
        "another session on %(machine)s took over the seat of %(licence)s."
    ),
    EndReason.MOVED: gettext_lazy(
        "%(licence)s was moved away from %(machine)s. It can be moved back from its new device."
    ),
    EndReason.KEY_REVOKED: gettext_lazy(
        "the session on %(machine)s ended because its product key was revoked. Please ask "
        "your IT department for another; an owner or manager finds it in the portal."
    ),
    EndReason.BLOCKED: gettext_lazy(
        "the session of %(person)s on %(machine)s ended by an access rule of your "
        "organisation. An owner or manager of your account can lift it in the portal."
    ),
    EndReason.LICENCE_ENDED: gettext_lazy(
        "the session on %(machine)s ended with %(licence)s. As soon as it is renewed the "
        "program can be started again, with the same key."
    ),
}
"""By the state of a session that is open, or how one ended."""
LOOKED_INTO = gettext_lazy("we are looking into it.")


@dataclass(frozen=True)
class Reply:
    """The text in one language, by its own ``name``."""

    language: str
    name: str
    text: str


def replies(event: Denial | ClientSession, *, signed: str, is_barred: bool = False) -> list[Reply]:
    """The reply in each of our languages, in the time zone of now.

    To who ``is_barred`` by a rule now, nothing but that is said of why.
    """
    why = OF_REFUSAL[Reason.ACCESS_BLOCKED] if is_barred else answer(event)
    return [
        Reply(code, name, in_language(code, event, why, signed))
        for code, name in settings.LANGUAGES
    ]


def in_language(code: str, event: Denial | ClientSession, why: Promise, signed: str) -> str:
    """The text in one of them."""
    with translation.override(code):
        return "\n\n".join(filter(None, paragraphs(event, str(why), signed)))


def paragraphs(event: Denial | ClientSession, why: str, signed: str) -> list[str]:
    """Its paragraphs in the language of now; some may be empty."""
    words = words_of(event)
    told = why % words
    if not isinstance(event, Denial):
        return [_("Hello,"), capfirst(told), _("Session: %s") % event.pk, farewell(signed)]
    at = moment_in_full(event.last_at, now=timezone.now())
    about = _("%(person)s could not start the program on %(machine)s (%(at)s): %(why)s") % {
        **words, "at": at, "why": told
    }  # fmt: skip
    reference = _("Reference: %s") % event.request_id if event.request_id else ""
    return [_("Hello,"), about, reference, farewell(signed)]


def answer(event: Denial | ClientSession) -> Promise:
    """What is said of it, with places for what is known."""
    if isinstance(event, Denial):
        return OF_REFUSAL.get(event.code, LOOKED_INTO)
    return OF_SESSION[event.end_reason or event.state]  # type: ignore[attr-defined]


def words_of(event: Denial | ClientSession) -> dict[str, Any]:
    """What the sentences have places for."""
    return {
        "person": people_in_words(event.username),
        "machine": machines_in_words(event.machine_name),
        "licence": on_one_line(event.licence.name) if event.licence else _("the licence"),
        "version": event.version,
        "seats": getattr(event, "seats", None),
        "in_use": getattr(event, "in_use", None),
    }


def farewell(signed: str) -> str:
    """Who writes, beneath."""
    return "\n".join(filter(None, [_("Kind regards,"), signed]))
