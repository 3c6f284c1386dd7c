"""Celery's doors to the domain. The product is correct without any of them."""

from __future__ import annotations

import structlog
from celery import shared_task

from licensing import history, imports, merging, planned_seats, sessions
from licensing.models import Licence
from licensing.usage import roll_up

logger = structlog.get_logger(__name__)


@shared_task
def reclaim_stale_sessions() -> None:
    """Take back the seats of stale sessions, each minute."""
    if reclaimed := sessions.reclaim_stale():
        logger.info("stale_sessions_reclaimed", count=reclaimed)


@shared_task
def end_sessions_of_ended_licences() -> None:
    """End what is still open on licences whose term is over."""
    if ended := sessions.end_sessions_of_ended_licences():
        logger.info("sessions_of_ended_licences_ended", count=ended)


@shared_task
def change_planned_seats() -> None:
    """Carry out what was planned of seats, and take emergency seats back, each minute."""
    if done := planned_seats.carry_out_due():
        logger.info("planned_seats_changed", count=done)


@shared_task
def carry_on_imports() -> None:
    """Take in what waits of long lists, when one was confirmed and every ten seconds."""
    if done := imports.carry_on():
        logger.info("imports_carried_on", pieces=done)


@shared_task
def follow_merged_licences() -> None:
    """Let refusals that were written down just then follow their licences, every ten minutes."""
    if followed := merging.follow():
        logger.info("refusals_followed", count=followed)


@shared_task
def move_history() -> None:
    """Move what ended long ago away from what goes on, each night."""
    if moved := history.move():
        logger.info("history_moved", count=moved)


@shared_task
def prune_history() -> None:
    """Delete history that is older than we keep it, each night."""
    if deleted := history.prune():
        logger.info("history_pruned", count=deleted)
    if forgotten := imports.prune():
        logger.info("imports_forgotten", count=forgotten)


@shared_task
def roll_up_use() -> None:
    """Count the hours that have become final or that late facts changed, each hour."""
    counted = sum(map(roll_up.roll_up, Licence.objects.order_by("pk").iterator()))
    logger.info("use_rolled_up", hours=counted)
