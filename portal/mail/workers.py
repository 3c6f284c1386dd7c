"""Calling a worker from within a request, which never waits long for a broker."""

from __future__ import annotations

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)

LEFT_ALONE = 10
"""Seconds: for so long a broker that gave no answer is not asked again by this process."""
EXPIRES = 60
"""Seconds: the beat has asked by itself by then."""


class Broker:
    """Remembers when the broker gave no answer, so that one request in ten seconds waits for it."""

    left_alone_until = 0.0


def call(task: str) -> bool:
    """Ask a worker to do a task that the beat asks for anyway; False when no broker answers."""
    if time.monotonic() < Broker.left_alone_until:
        return False
    try:
        current_app.send_task(task, expires=EXPIRES, ignore_result=True)
    except OperationalError as error:
        Broker.left_alone_until = time.monotonic() + LEFT_ALONE
        logger.warning("broker_unavailable", task=task, error=type(error.__cause__).__name__)
        return False
    return True
