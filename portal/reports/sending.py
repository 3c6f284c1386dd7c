"""Sending reports: once for each period, to those who may see what they tell, as they see it."""

from __future__ import annotations

import datetime as dt
import io

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from licensing import audit
from licensing.usage.working_time import of_account
from portal.exports import files
from portal.mail import failing, mails
from portal.mail.transport import Attached
from portal.models import Every, Membership, Report, ReportReader
from portal.reports import orders, periods, stopping
from portal.reports.contents import Content, content_for

logger = structlog.get_logger(__name__)

MOST_ATTACHED = 5_000
"""Rows of the longest list that is attached; a link to a longer one is mailed when it is ready."""
FARTHEST_AHEAD = dt.timedelta(hours=14)
"""How far the clocks of any account are ahead of UTC."""


def send_due(now: dt.datetime | None = None) -> int:
    """Send what is due; return how many mails were written."""
    now = now or timezone.now()
    running = Report.objects.filter(paused_at=None, next_on__lte=(now + FARTHEST_AHEAD).date())
    due = list(running.order_by("next_on", "pk").values_list("pk", flat=True))
    return sum(send_if_possible(number, now) for number in due)


def send_if_possible(number: int, now: dt.datetime) -> int:
    """Send one report if it is due; one for whose file there is no room waits, and no other."""
    try:
        return send_if_due(number, now)
    except OSError as error:  # a full disk, as a rule
        logger.error("report_not_sent", report=number, error=error.strerror)
        return 0
    except Exception:  # whatever it is: the others are sent
        logger.exception("report_not_sent", report=number)
        return 0


@transaction.atomic
def send_if_due(number: int, now: dt.datetime) -> int:
    """Send one report unless its time has not come, or another worker has it.

    Its mails and the day on which it is due again are written together: a worker that dies
    sends nothing, and what was late is sent once, however many periods have passed.
    """
    free = Report.objects.select_for_update(skip_locked=True, of=["self"])
    report = free.select_related("account", "view", "person").filter(pk=number).first()
    if report is None or report.paused_at:
        return 0
    zone = of_account(report.account).zone
    if now < periods.moment_of(report.next_on, zone):
        return 0
    report.next_on = periods.next_day(Every(report.every), now, zone)
    report.save(update_fields=["next_on"])
    return send(report, now, by=audit.SYSTEM)


@transaction.atomic
def send_now(report: Report, membership: Membership) -> int:
    """Send it at once, beside its times; return to how many. Raise AlreadyDone if it ended."""
    return send(orders.locked(report), timezone.now(), by=membership.user.as_actor)


def send(report: Report, now: dt.datetime, *, by: audit.Actor) -> int:
    """Write its mails; return how many. Whoever left, or sees less by now, gets none."""
    members = Membership.objects.active().filter(account=report.account_id)
    read = members.filter(user__report_places__report=report)
    readers = list(read.select_related("user", "account__preferences"))
    sent = sum(mail(report, membership, now) for membership in readers)
    if sent:
        Report.objects.filter(pk=report.pk).update(sent_at=now)
        audit.record(report, "report_sent", by=by, readers=sent)
    return sent


def mail(report: Report, membership: Membership, now: dt.datetime) -> bool:
    """Mail it to one reader; False if it says nothing to them, or mails do not reach them."""
    person = membership.user
    if failing.is_left_alone(person):
        return False
    place = ReportReader.objects.get(report=report, person=person)
    with mails.read_by(person.email, report.account):
        content = content_for(membership, report, now)
        if content is None:
            return False
        attached, note = file_of(report, content, membership, now)
        stop_url = stopping.address_for(place)
        mails.write(
            "report",
            {
                "title": content.title,
                "one_of_several": named_if_one_of_several(membership),
                "facts": content.facts,
                "note": note,
                "url": settings.BASE_URL + content.url,
                "why": why(report, membership),
                "stop_url": stop_url,
            },
            to=person.email,
            account=report.account,
            asked_by=report.person,
            attached=attached,
            stops_at=stop_url,
        )
    return True


def named_if_one_of_several(membership: Membership) -> str:
    """The account's name for whoever belongs to several: reports of each read alike."""
    others = Membership.objects.active().filter(user=membership.user_id).exclude(pk=membership.pk)
    return membership.account.name if others.exists() else ""


def file_of(
    report: Report, content: Content, membership: Membership, now: dt.datetime
) -> tuple[list[Attached], str]:
    """The file that goes along, or a sentence about the one that comes later; nothing if none."""
    if not content.listed:
        return [], ""
    listed, kind = content.listed, report.format
    rows = files.count(files.rows_of(listed, membership, content.query))
    if rows > MOST_ATTACHED:
        files.order(listed, kind, membership, content.query)
        return [], _("The list is too long for a mail. Another mail brings a link to it.")
    file = io.BytesIO()
    files.write(file, listed, kind, membership, content.query)
    name = files.file_name(report.account, listed, kind, now)
    return [Attached.of(name, file.getvalue())], _("The list is attached.")


def why(report: Report, membership: Membership) -> str:
    """Why somebody gets it, and how often."""
    words = {
        "account": report.account,
        "person": report.person,
        "every": report.get_every_display(),
    }
    if report.person_id == membership.user_id:
        return _("You ordered this report of %(account)s. %(every)s.") % words
    return _("%(person)s ordered this report of %(account)s for you. %(every)s.") % words
