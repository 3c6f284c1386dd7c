"""What a report says to one of its readers: a title, sentences, and which list goes along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models import Licence
from licensing.usage.working_time import of_account
from portal.exports import files
from portal.licences.position import position_of
from portal.listings import LISTINGS
from portal.lists import saved_views
from portal.models import Every, Membership, Report, ReportKind
from portal.reports import periods
from portal.usage.asked import Range, UseAsked
from portal.usage.figures import Figures
from portal.words.times import date_in_words, length_in_words

MOST_POOLS = 10
"""Pools that a summary tells of one by one: those that came closest to their limits."""


@dataclass(frozen=True)
class Content:
    """What is told: ``facts`` are sentences, ``listed`` the list whose file goes along, if any."""

    title: str
    facts: Sequence[str]
    url: str
    listed: str = ""
    query: QueryDict = field(default_factory=QueryDict)


def content_for(membership: Membership, report: Report, now: dt.datetime) -> Content | None:
    """What the report says to them now; None if it is of something that they do not see."""
    if report.kind == ReportKind.VIEW:
        return of_view(membership, report)
    if report.kind == ReportKind.POSITION:
        return of_position(report)
    return of_use(report, now)


def of_view(membership: Membership, report: Report) -> Content | None:
    """How many rows a saved view has, of those who have the view and may see its list."""
    view = report.view
    if view is None or not is_told(membership, report):
        return None
    listing, query = LISTINGS[view.listed], QueryDict(view.query)
    rows = files.count(files.rows_of(listing.name, membership, query))
    title = ngettext("“%(name)s”: %(rows)s row", "“%(name)s”: %(rows)s rows", rows)
    url = f"{listing.url}?{view.query}"
    return Content(title % {"name": view.name, "rows": rows}, (), url, listing.name, query)


def is_told(membership: Membership, report: Report) -> bool:
    """Whether they may see what the report is of: their own or a shared view, and its list."""
    view = report.view
    if view is None:
        return True
    allowed = membership.allows(LISTINGS[view.listed].role)
    return allowed and saved_views.is_seen_by(membership, view)


def of_position(report: Report) -> Content:
    """What the account owns, and how much of it is in use at this moment."""
    pools, single = position_of(report.account)
    words = {"in_use": pools.in_use + single.in_use, "seats": pools.seats + single.seats}
    facts = [
        text % {"in_use": part.in_use, "seats": part.seats}
        for text, part in (
            (_("Concurrent pools: %(in_use)s of %(seats)s seats in use."), pools),
            (_("Single-user licences: %(in_use)s of %(seats)s seats in use."), single),
        )
        if part.rows
    ]
    title = _("Licence position: %(in_use)s of %(seats)s seats in use") % words
    return Content(title, facts, reverse("portal:licence_position"), "licences")


def of_use(report: Report, now: dt.datetime) -> Content:
    """The use of the last whole week or month: a summary alone, or with each of its days."""
    zone = of_account(report.account).zone
    first, last = periods.days_before(Every(report.every), now, zone)
    query = QueryDict(f"from={first}&until={last}")
    use = UseAsked(report.account, query)
    listed = "usage_days" if report.kind == ReportKind.USAGE else ""
    licences = use.licences if listed else use.wanted  # no more than its list counts
    figures = Figures(licences, use.range, only_working=False)
    days = {"first": date_in_words(first, today=last), "last": date_in_words(last, today=last)}
    facts = [_("From %(first)s to %(last)s.") % days]
    if len(licences) < len(use.wanted):
        counted = {"n": len(licences), "all": len(use.wanted)}
        facts.append(_("Counted: the first %(n)s of %(all)s pools.") % counted)
    facts += of_pools(licences, use.range)
    url = reverse("portal:usage", query={"from": str(first), "until": str(last)})
    return Content(headline(figures, Every(report.every)), facts, url, listed, query)


def headline(figures: Figures, every: Every) -> str:
    """Such as "Last week: peak 33 of 40, 6 denials"."""
    if not figures.is_used:
        return _("Last week: no use") if every == Every.WEEK else _("Last month: no use")
    words = {"peak": peak_in_words(figures), "denials": denials_in_words(figures)}
    if every == Every.WEEK:
        return _("Last week: %(peak)s, %(denials)s") % words
    return _("Last month: %(peak)s, %(denials)s") % words


def peak_in_words(figures: Figures) -> str:
    """The most seats in use at once, and of how many."""
    if figures.seats_at_peak is None:
        return _("peak %(peak)s") % {"peak": figures.peak}
    return _("peak %(peak)s of %(seats)s") % {"peak": figures.peak, "seats": figures.seats_at_peak}


def denials_in_words(figures: Figures) -> str:
    """How many were refused a seat that they needed."""
    denials = figures.true_denials
    return ngettext("%(n)s denial", "%(n)s denials", denials) % {"n": denials}


def of_pools(licences: Sequence[Licence], days: Range) -> Iterator[str]:
    """A sentence for each of several pools that were in use, closest to its limit first."""
    if len(licences) < 2:
        return
    each = [(one, Figures([one], days, only_working=False)) for one in licences]
    used = [pair for pair in each if pair[1].peak or pair[1].true_denials]
    used.sort(key=lambda pair: -pair[1].peak / max(pair[1].seats_at_peak or 1, 1))
    for licence, figures in used[:MOST_POOLS]:
        yield sentence_of(licence, figures)


def sentence_of(licence: Licence, figures: Figures) -> str:
    """How one pool was used."""
    minutes = figures.full_minutes
    words = {
        "name": licence.name,
        "peak": peak_in_words(figures),
        "denials": denials_in_words(figures),
        "full": length_in_words(dt.timedelta(minutes=minutes)),
    }
    if minutes:
        return _("%(name)s: %(peak)s, %(denials)s, full for %(full)s.") % words
    return _("%(name)s: %(peak)s, %(denials)s.") % words
