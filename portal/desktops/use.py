"""For how long somebody, or a machine, held seats: as the page of use counts it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.urls import reverse

from licensing.models import Account, Licence
from licensing.usage.groups import Grouping, Only, use_of_groups
from licensing.usage.values import HOUR
from licensing.usage.working_time import of_account
from portal.usage.asked import last_days
from portal.usage.figures import Figures


class UseOfLicence(NamedTuple):
    """The hours and days in which seats of a licence were held."""

    licence: Licence
    hours: float
    days: int
    url: str


def use_of(account: Account, licences: Collection[Licence], only: Only) -> list[UseOfLicence]:
    """The use of each licence in the days that the page of use shows at first, most hours first."""
    if not licences:
        return []
    figures = Figures(list(licences), last_days(of_account(account)), only_working=False)
    used = use_of_groups(Grouping.POOL, licences, figures.spans, figures.shares, only=only)
    by_id = {str(licence.pk): licence for licence in licences}
    told = [
        UseOfLicence(
            by_id[use.key],
            round(use.seconds / HOUR.total_seconds(), 1),
            use.days,
            address_of_use(by_id[use.key], only),
        )
        for use in used
    ]
    return sorted(told, key=lambda use: -use.hours)


def address_of_use(licence: Licence, only: Only) -> str:
    """The page of use of a licence, by people or by machines."""
    asked = {"licence": licence.pk, "group": only.by}
    return reverse("portal:usage", query=asked, fragment="groups")
