"""What a provider of mail tells of mails that it took: that they arrived, or came back for good.

Django-anymail puts it into the same words for all of them.
"""

from __future__ import annotations

from typing import Any

from portal.mail import failing
from portal.models import MailFailure

ARRIVED = ("delivered", "opened", "clicked")
CAME_BACK = ("bounced", "rejected")
FOR_GOOD = (None, "bounced", "invalid")
"""Why it came back, if that says anything of the address: not of a full box, nor of the text."""


def hear(event: Any, **_of_signal: object) -> None:
    """Note what an ``AnymailTrackingEvent`` says of the address that it names."""
    if not event.recipient:
        return
    if event.event_type in ARRIVED:
        failing.arrived(event.recipient)
    if event.event_type in CAME_BACK and event.reject_reason in FOR_GOOD:
        failing.note(event.recipient, MailFailure.BOUNCED)
