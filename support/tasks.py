"""Celery's doors to what the vendor keeps."""

from __future__ import annotations

import structlog
from celery import shared_task

from support.api import once

logger = structlog.get_logger(__name__)


@shared_task
def tidy_up() -> None:
    """Delete answers of the vendor's API that are older than a day, each night."""
    if forgotten := once.forget():
        logger.info("answered_requests_forgotten", count=forgotten)
