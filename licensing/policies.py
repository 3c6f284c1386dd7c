"""What short offline policies mean, in words for whoever chooses one or has one."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.licences import OfflinePolicy
from licensing.models.intervals import REFRESH_AFTER, TIMES

SHORT = TIMES * REFRESH_AFTER
"""A policy with anything shorter has its programs refresh more often than others."""


def meaning_of_short(policy: OfflinePolicy, *, is_concurrent: bool) -> str:
    """What a policy shorter than usual asks of programs and PCs; "" for one that is not."""
    if policy.refresh_after >= REFRESH_AFTER:
        return ""
    grace, reclaim = policy.grace_period, policy.reclaim_after
    often = _("Programs refresh every %(interval)s instead of every %(usual)s.") % {
        "interval": span(policy.refresh_after),
        "usual": span(REFRESH_AFTER),
    }
    sentences = [often]
    if is_concurrent and reclaim and reclaim < SHORT:
        lost = _("A PC that sleeps or loses its network for %(reclaim)s loses its seat.")
        sentences.append(lost % {"reclaim": span(reclaim)})
    if grace < SHORT:
        over = _(
            "A program without a connection for %(grace)s stays open, but needs one to open again."
        )
        sentences.append(over % {"grace": span(grace)})
    return " ".join(sentences)


def span(length: dt.timedelta) -> str:
    """A whole length of time as people say it: 40 s, 15 min, 48 h, 30 days."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    if seconds or not minutes:
        return _("%(n)s s") % {"n": 60 * minutes + seconds}
    if minutes % 1440 == 0 and minutes > 2880:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return _("%(n)s h") % {"n": minutes // 60}
    return _("%(n)s min") % {"n": minutes}
