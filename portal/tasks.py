"""Celery's doors to the portal's domain."""

from __future__ import annotations

import structlog
from celery import shared_task

from portal import tokens

logger = structlog.get_logger(__name__)


@shared_task
def tell_of_ending_api_tokens() -> None:
    """Mail owners whose API tokens end soon, each morning."""
    if told := tokens.tell_of_ends():
        logger.info("ending_api_tokens_told", count=told)
