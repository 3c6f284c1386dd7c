"""Days with their peaks, as charts show them and findings tell them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models import Licence
from portal.usage.cards import day_in_words
from portal.usage.charts import Bar, Chart
from portal.usage.peaks import Day, Quarter
from portal.words.times import date_in_words, time_in_words


def peaks_chart(name: str, licence: Licence, days: Sequence[Day]) -> Chart:
    """The peak of each day up to today, with the limit that evening; a day leads to its use."""
    today, use = days[-1].date, url_of([licence])
    bars = [
        Bar(
            day_in_words(day.date, today),
            day.peak,
            day.seats,
            day.is_full,
            url=f"{use}&from={day.date}&until={day.date}",
        )
        for day in days
    ]
    url = f"{use}&from={days[0].date}&until={today}"
    return Chart(name, finding(days), of=_("Day"), value=_("Peak"), bars=bars, url=url)


def url_of(licences: Iterable[Licence]) -> str:
    """The address of the use of licences, of which days are still to be asked."""
    ids = ",".join(str(licence.pk) for licence in licences)
    return reverse("portal:usage", query={"licence": ids})


def last_day_chart(name: str, quarters: Sequence[Quarter]) -> Chart:
    """The seats that were in use in each quarter of an hour of the last day."""
    most = max(quarter.level for quarter in quarters)
    title = _("In use over the last 24 hours: at most %(peak)s") % {"peak": most}
    bars = [Bar(time_in_words(localtime(of.start)), of.level) for of in quarters]
    return Chart(name, title, of=_("From"), value=_("Peak"), bars=bars)


def finding(days: Sequence[Day]) -> str:
    """What the days have in common, such as "Full on 3 of 30 days"; none before the first use."""
    told = [day for day in days if day.peak is not None]
    if not told:
        return _("Nobody has used it yet.")
    if told == list(days):
        return full_days(told)
    since = date_in_words(told[0].date, today=days[-1].date)
    return _("%(text)s, since %(day)s") % {"text": full_days(told), "day": since}


def full_days(days: Sequence[Day]) -> str:
    """The same of days that are told."""
    full, peak = sum(day.is_full for day in days), max(day.peak or 0 for day in days)
    words = {"full": full, "days": len(days), "peak": peak}
    if not peak:
        return _("Nobody was in on these %(days)s days") % words
    if not full:
        return _("Never full in %(days)s days; at most %(peak)s at once") % words
    return (
        ngettext("Full on %(full)s of %(days)s days", "Full on %(full)s of %(days)s days", full)
        % words
    )
