"""The address by which a reader stops a report in one press, without signing in (RFC 8058)."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from licensing import audit
from portal.models import Report, ReportReader

SALT = "portal.reports.stopping"


def address_for(place: ReportReader) -> str:
    """Where this reader stops this report; nobody can make up another's."""
    code = signing.dumps(place.pk, salt=SALT)
    return settings.BASE_URL + reverse("portal:stop_report", args=[code])


def find(code: str) -> ReportReader | None:
    """Whose address it is, of which report; None if it is stopped.

    Raise ``signing.BadSignature`` for one that nobody made, such as one that was cut.
    """
    number = signing.loads(code, salt=SALT)
    places = ReportReader.objects.select_related("person", "report__account", "report__view")
    return places.filter(pk=number).first()


@transaction.atomic
def stop(place: ReportReader) -> None:
    """They get it no more; a report without a reader ends."""
    report = Report.objects.select_for_update(of=["self"]).get(pk=place.report_id)
    by = place.person.as_actor
    place.delete()
    if report.places.exists():
        audit.record(report, "report_changed", by=by, removed=str(place.person))
        return
    audit.record(report, "report_ended", by=by)
    report.delete()
