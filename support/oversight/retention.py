"""How long each kind of data is kept, and what happens then: read from what deletes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from licensing.models import closed_ids
from portal.sent import forms as sent_forms
from portal.sent import kept_forms
from support.api import once
from support.console import shell
from support.console.access import staff_only
from support.words import number_of

DELETED = "Deleted, each night."
STAYS = "Nothing: it has no end."


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One kind of data: its models, from when on its time counts, how long, and what then.

    ``setting`` has so many days. What has none lasts the same everywhere: ``lasts`` is asked when
    the page is, of what deletes it; without one, it has no end.
    """

    kind: str
    models: tuple[str, ...]
    lasts: Callable[[], dt.timedelta] | None = None
    since: str = ""
    setting: str = ""
    then: str = STAYS
    names: str = "People"

    @property
    def period(self) -> str:
        """How long, in words."""
        if self.setting:
            return in_words(dt.timedelta(days=getattr(settings, self.setting)))
        return in_words(self.lasts()) if self.lasts else "No end"


def in_words(period: dt.timedelta) -> str:
    """Such as "396 days"; of less than two days the hours."""
    hours = int(period.total_seconds() // 3600)
    return number_of(period.days, "day") if hours >= 48 else number_of(hours, "hour")


NOBODY = "Nobody"
KEPT = (
    Kept(
        kind="Ended sessions",
        models=("clientsession",),
        since="their end",
        setting="KEEP_HISTORY_DAYS",
        then="Deleted, each night; months of history are dropped whole.",
    ),
    Kept(
        kind="Ended sessions and refusals beside what goes on",
        models=(),
        since="their end",
        setting="HISTORY_AFTER_DAYS",
        then="Moved to the tables of history, where every list still finds them.",
    ),
    Kept(
        kind="Refusals",
        models=("denial",),
        since="the last of them",
        setting="KEEP_HISTORY_DAYS",
        then="Deleted, each night; months of history are dropped whole.",
    ),
    Kept(
        kind="Holds: times in which a seat was kept",
        models=("hold",),
        since="their end",
        setting="KEEP_HISTORY_DAYS",
        then=DELETED,
        names=NOBODY,
    ),
    Kept(
        kind="Use by the hour, and limits",
        models=("useofhour", "usecounted", "latefact", "limitchange"),
        names=NOBODY,
    ),
    Kept(kind="Audit record", models=("auditentry",)),
    Kept(
        kind="Events that were told on",
        models=("outboxevent",),
        setting="KEEP_EVENTS_DAYS",
        since="they were told",
        then=DELETED,
        names=NOBODY,
    ),
    Kept(
        kind="Mails: that one was sent, and to whom",
        models=("delivery",),
        setting="KEEP_MAILS_DAYS",
        since="they arrived or failed",
        then="Deleted, each night. What a mail said goes as soon as it is sent.",
    ),
    Kept(
        kind="Messages to webhooks and channels",
        models=("webhookdelivery",),
        setting="KEEP_MESSAGES_DAYS",
        since="they arrived or failed",
        then=DELETED,
    ),
    Kept(
        kind="Alerts that are over",
        models=("alert", "alertnotice"),
        setting="KEEP_ALERTS_DAYS",
        since="their end",
        then=DELETED,
    ),
    Kept(
        kind="Exports made in the background",
        models=("export",),
        setting="KEEP_EXPORTS_DAYS",
        since="they were ready",
        then="Deleted with their file, each night.",
    ),
    Kept(
        kind="Browsers and networks that people signed in from",
        models=("signin",),
        since="the last time",
        setting="KEEP_HISTORY_DAYS",
        then="Deleted, each night; the last of each person stays.",
    ),
    Kept(
        kind="Changes of address",
        models=("emailchange",),
        setting="KEEP_EMAIL_CHANGES_DAYS",
        since="their end",
        then=DELETED,
    ),
    Kept(
        kind="Sign-ins of browsers",
        models=("session",),
        since="it began",
        setting="SIGN_IN_KEPT_DAYS",
        then="Over, and deleted within the hour.",
    ),
    Kept(
        kind="Forms that were sent, so that none counts twice",
        models=("sentform",),
        lasts=lambda: sent_forms.KEEP,
        since="they were sent",
        then=DELETED,
        names=NOBODY,
    ),
    Kept(
        kind="Forms kept while one signs in again",
        models=("keptform",),
        lasts=lambda: kept_forms.KEEP,
        since="they were sent",
        then="Deleted, each hour.",
    ),
    Kept(
        kind="Answers of the vendor's API",
        models=("answeredrequest",),
        lasts=lambda: once.KEEP,
        since="they were given",
        then=DELETED,
    ),
    Kept(
        kind="Imports: what became of each row of a list",
        models=("import", "importrow"),
        since="their end",
        setting="KEEP_IMPORTS_DAYS",
        then="Deleted, each night. What was made stays, and the record of it.",
    ),
    Kept(
        kind="Ids of sessions closed before they were opened",
        models=("closedid",),
        lasts=lambda: closed_ids.REMEMBERED_FOR,
        since="they were closed",
        then="Deleted by the next of its kind.",
        names=NOBODY,
    ),
    Kept(
        kind="Accounts, licences, keys, seats and the catalogue",
        models=(
            "account", "licence", "licencefeature", "seat", "featureseat", "productkey", "product",
            "feature", "licencetemplate", "plannedseats", "fromalm", "customernumber",
            "orderreference", "licencetag", "licencenotes", "accountpreferences", "singlesignon",
            "verifieddomain",
        ),
    ),
    Kept(
        kind="When each of the service's own secrets was first seen",
        models=("knownsecret",),
        names=NOBODY,
    ),
    Kept(
        kind="Which machine beats, and when it asked for each task last",
        models=("beat",),
        names=NOBODY,
    ),
    Kept(kind="Devices and access rules, those that are over too", models=("device", "accessrule")),
    Kept(kind="Requests to the desk", models=("customerrequest",)),
    Kept(
        kind="People, invitations and what they set up",
        models=(
            "user", "membership", "invitation", "providerlink", "personpreferences", "savedview",
            "snooze", "report", "reportreader", "alertrule", "secretaddress", "apitoken", "webhook",
        ),
    ),
    Kept(
        kind="What our own staff asked for, approved, viewed and signed",
        models=("approval", "visit", "activityreview", "stafftoken", "renewalcalendar"),
    ),
)  # fmt: skip


@require_safe
@staff_only
def retention(request: HttpRequest) -> HttpResponse:
    """Each kind, how long it is kept, by which setting, and what happens then."""
    return shell.page(request, "support/retention.html", {"kept": KEPT})
