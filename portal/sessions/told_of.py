"""Whom and what programs tell of: users, and machines. Each has a page of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Max
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing.identity import as_compared
from licensing.models.sessions import ClientSessionQuerySet
from licensing.usernames import as_person


@dataclass(frozen=True, kw_only=True)
class Known:
    """One of the two kinds. ``compared`` and ``told`` are the columns of their names, those that
    are alike ``as_one`` are one's; ``all_of_them`` leads to their sessions."""

    title: Promise
    icon: str
    all_of_them: Promise
    compared: str
    told: str
    as_one: Callable[[str], str]
    page: str

    def heard_of(
        self, sessions: ClientSessionQuerySet, *, most: int
    ) -> list[tuple[dt.datetime, str]]:
        """When they were heard of last, and how they are written: the last of them."""
        each = sessions.order_by().values(self.compared).annotate(last=Max("refreshed_at"))
        return list(each.order_by("-last").values_list("last", Max(self.told))[:most])

    def page_of(self, name: str) -> str:
        """The address of the page of one of them."""
        return reverse(self.page, query={"name": name})


USERS = Known(
    title=gettext_lazy("Users"),
    icon="user",
    all_of_them=gettext_lazy("All sessions of such users"),
    compared="person",
    told="username",
    as_one=as_person,
    page="portal:person",
)
MACHINES = Known(
    title=gettext_lazy("Machines"),
    icon="device-desktop",
    all_of_them=gettext_lazy("All sessions on such machines"),
    compared="machine",
    told="machine_name",
    as_one=as_compared,
    page="portal:machine",
)
