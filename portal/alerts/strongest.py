"""What need not be told beside what says more: a pool that is full is 90 % full too."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from portal.alerts.events import EVENTS
from portal.models import Alert, AlertNotice


def strongest(notices: Sequence[AlertNotice]) -> list[AlertNotice]:
    """Those that one message tells: of a licence that reached several thresholds at once, one."""
    return [one for one in notices if not any(says_more(other, one) for other in notices)]


def says_more(one: AlertNotice, other: AlertNotice) -> bool:
    """Whether who reads the one need not read the other.

    The most that was reached says that less was, and that less is not any more says that most is
    not.
    """
    if one.is_end != other.is_end:
        return False
    return covers(other.alert, one.alert) if one.is_end else covers(one.alert, other.alert)


def covers(one: Alert, other: Alert) -> bool:
    """Whether more was reached by the one than by the other, of the same and in its time."""
    if one.event != other.event or one.threshold is None or other.threshold is None:
        return False
    if what_of(one) != what_of(other):
        return False
    if EVENTS[one.event].is_down_to:
        return one.threshold < other.threshold
    return one.threshold > other.threshold and overlap(one, other)


def what_of(alert: Alert) -> str:
    """Of what it is, without its threshold: the licence, and the day if it ends on one."""
    return alert.key.rpartition(":")[0]


def overlap(one: Alert, other: Alert) -> bool:
    """Whether both were the case at one time."""
    now = timezone.now()
    ends = [alert.over_at or now for alert in (one, other)]
    return max(one.opened_at, other.opened_at) <= min(ends)
