"""Celery's doors to the portal's domain."""

from __future__ import annotations

import structlog
from celery import shared_task

from portal.accounts import closing
from portal.alerts import incidents
from portal.alerts import sending as alerts
from portal.exports import files
from portal.mail import deliveries
from portal.people import email_changes
from portal.reports import sending as sending_of_reports
from portal.sent import forms as sent_forms
from portal.sent import kept_forms
from portal.sign_in import api_tokens, forgetting, visits
from portal.sso import saml_renewals
from portal.telling import fan_out
from portal.upkeep import secret_ages, service_status
from portal.webhooks import deliveries as webhook_deliveries
from portal.webhooks import hooks, sending

logger = structlog.get_logger(__name__)


@shared_task
def tell_of_ending_api_tokens() -> None:
    """Mail owners whose API tokens end soon, each morning."""
    if told := api_tokens.tell_of_ends():
        logger.info("ending_api_tokens_told", count=told)


@shared_task
def change_emails() -> None:
    """Make the changes of address that the support desk was asked for a day ago."""
    if done := email_changes.carry_out_due():
        logger.info("emails_changed", count=done)


@shared_task
def close_accounts() -> None:
    """Close the accounts whose day until that is over, each minute."""
    if done := closing.carry_out_due():
        logger.info("accounts_closed", count=done)


@shared_task
def tell() -> None:
    """Hand what happened to all who are told of it, every ten seconds."""
    if written := +fan_out.tell():
        logger.info("events_told", **written)


@shared_task
def watch() -> None:
    """Look at what is the case, and have those told who want to know, every twenty seconds."""
    if done := +incidents.look():
        logger.info("alerts_looked_at", **done)
    if told := alerts.send():
        logger.info("alerts_told", count=told)


@shared_task
def deliver_webhooks() -> None:
    """Send what is due to webhooks, when something was handed over and every ten seconds."""
    sending.deliver()


@shared_task
def deliver() -> None:
    """Send what waits, when something was written and every ten seconds."""
    deliveries.deliver()


@shared_task(time_limit=files.FULL_TAKES_AT_MOST.total_seconds())
def make_exports() -> None:
    """Make the long exports that people ordered: everything of an account may take long."""
    if made := files.make_ordered():
        logger.info("exports_made", count=made)


@shared_task
def send_reports() -> None:
    """Mail the reports whose time has come, each minute."""
    if sent := sending_of_reports.send_due():
        logger.info("reports_sent", count=sent)


@shared_task
def end_visits() -> None:
    """End support's views of accounts whose half hour is over, each minute."""
    if ended := visits.end_overdue():
        logger.info("visits_ended", count=ended)


@shared_task
def tidy_up() -> None:
    """Delete exports whose 14 days are over, and what is kept no longer, each night."""
    if removed := files.remove_ended():
        logger.info("ended_exports_removed", count=removed)
    if pruned := forget_what_is_over():
        logger.info("portal_history_pruned", count=pruned)
    if told := fan_out.prune():
        logger.info("told_events_removed", count=told)
    if secrets := hooks.forget_old_secrets():
        logger.info("old_webhook_secrets_removed", count=secrets)
    if forgotten := sent_forms.forget():
        logger.info("sent_forms_forgotten", count=forgotten)


def forget_what_is_over() -> int:
    """Delete what is kept no longer; return how much."""
    prunes = forgetting.prune, deliveries.prune, webhook_deliveries.prune, incidents.prune
    return sum(prune() for prune in prunes)


@shared_task
def forget_ended_sign_ins() -> None:
    """Delete sessions that are over, and SAML answers and forms nobody came for, each hour."""
    if removed := forgetting.forget_ended_sign_ins():
        logger.info("ended_sign_ins_removed", count=removed)
    if forgotten := kept_forms.forget():
        logger.info("kept_forms_forgotten", count=forgotten)


@shared_task
def renew_saml_metadata() -> None:
    """Follow the certificates of the accounts' SAML providers, each hour."""
    if renewed := saml_renewals.renew_all():
        logger.info("saml_metadata_renewed", count=renewed)


@shared_task
def note_background_work() -> None:
    """Let the status page know that the beat and a worker are at work, each minute."""
    service_status.note_background_work()
    secret_ages.note()
