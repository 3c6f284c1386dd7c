"""The Celery application: ``celery -A config worker`` and ``celery -A config beat``."""

import os
import time
from typing import Any

import structlog
from celery import Celery, signals
from django.conf import settings

from config import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

logger = structlog.get_logger(__name__)

app = Celery("licensing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def note_when(headers: dict[str, Any], **_: Any) -> None:
    """Write on a task since when it waits."""
    headers["sent_at"] = time.time()


def log_as_set(**_: Any) -> None:
    """Leave the log as LOG_LEVEL and LOG_FORMAT have it: Celery's --loglevel would be WARNING."""


def log_what_is_said(**_: Any) -> None:
    """Let what the worker says as it is told to stop be lines of the log: it would print them."""
    from celery.apps import worker

    worker.safe_say = logs.say_at_once


def watch_tasks(**_: Any) -> None:
    """Count and trace what the worker does, where somebody wants to know."""
    if settings.METRICS:
        from config import metrics

        metrics.count_tasks()
    if settings.TRACES_ADDRESS:
        from config import traces

        traces.trace_tasks()


def tell_of_database(**_: Any) -> None:
    """Say at the start what keeps tasks from being done: Celery itself is ready without."""
    from django.db import connection

    from licensing import readiness

    if fault := readiness.of_database():
        logger.warning("worker_waits", cause=fault.detail, what_to_do=fault.what_to_do)
    connection.close()


def tell_of_tasks(**_: Any) -> None:
    """Tell it, once the worker's processes are there: they would keep our socket else."""
    if settings.METRICS:
        from config import metrics

        metrics.serve()


signals.setup_logging.connect(log_as_set)
signals.celeryd_init.connect(log_what_is_said)
signals.before_task_publish.connect(note_when)
signals.worker_init.connect(watch_tasks)
signals.worker_ready.connect(tell_of_tasks)
signals.worker_ready.connect(tell_of_database)
