"""How telling stands: what waits that nothing keeps from being told."""

from __future__ import annotations

import datetime as dt

from portal.mail import deliveries as mails
from portal.telling import fan_out
from portal.webhooks import deliveries as messages

LATE_AFTER = dt.timedelta(minutes=2)


def oldest_waiting() -> dt.timedelta:
    """How long the oldest has waited: an event for its hand-over, a mail, a message for a webhook.

    What waits for a server or a receiver that failed is not meant: that is tried again in time.
    """
    return max(fan_out.oldest_waiting(), mails.oldest_untried(), messages.oldest_due())


def are_messages_late() -> bool:
    """Whether events or messages to webhooks have waited for minutes: no worker is at work."""
    return max(fan_out.oldest_waiting(), messages.oldest_due()) > LATE_AFTER
