"""Log lines as key-value text or as JSON, the same for our own events and everybody else's."""

import logging
import os
import re
import sys
import threading
from contextlib import suppress
from typing import Any

import structlog

logger = logging.getLogger(__name__)

SHARED_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What ends a line for some reader, or moves its cursor; a line feed is escaped by the renderer."""


def visible(
    logger: object, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The event with what cannot be seen written out: a name or an address makes no other lines."""
    return {
        key: UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
        if isinstance(value, str)
        else value
        for key, value in event.items()
    }


LAST: dict[str, list[structlog.typing.Processor]] = {
    "text": [
        visible,
        structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], bool_as_flag=False
        ),
    ],
    "json": [structlog.processors.JSONRenderer(default=str)],  # in ASCII: nothing is unseen
}
"""What makes a line of an event, by LOG_FORMAT."""


def formatter(kind: str) -> logging.Formatter:
    """The formatter of the console handler; setting it up also configures structlog."""
    structlog.configure(
        processors=[
            *SHARED_PROCESSORS,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED_PROCESSORS,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            *LAST[kind],
        ],
    )


def of_console(kind: str) -> logging.Formatter:
    """The formatter of a process's console; as JSON, what Python itself writes is an event too."""
    if kind == "json":
        logging.captureWarnings(True)
        sys.excepthook = lambda _kind, error, _trace: tell_uncaught(error)
        sys.unraisablehook = lambda told: tell_uncaught(told.exc_value)
        threading.excepthook = lambda told: tell_uncaught(told.exc_value)
    return formatter(kind)


def tell_uncaught(error: BaseException | None) -> None:
    """Log what nobody caught: it ends the process, or a thread of it."""
    if not isinstance(error, SystemExit):  # by which a thread may end
        logger.error("uncaught", exc_info=error)


def say_at_once(text: str, *_: object) -> None:
    """Log what is said in a signal's handler, past the stream, which may be in use just then."""
    record = logger.makeRecord(logger.name, logging.INFO, "", 0, text, (), None)
    if logger.isEnabledFor(record.levelno):
        console = logging.getLogger().handlers[0]
        with suppress(OSError):
            os.write(sys.stderr.fileno(), f"{console.format(record)}\n".encode())


def is_news(record: logging.LogRecord) -> bool:
    """Whether Django tells of an answer what was not told: who answers 503 has said why."""
    return record.exc_info is not None or getattr(record, "status_code", 0) != 503


def without_address(record: logging.LogRecord) -> bool:
    """Let Django tell the pattern of an address where it tells an address: that may hold a code."""
    path = getattr(getattr(record, "request", None), "path", None)
    if path is not None and isinstance(record.args, tuple):
        from licensing.api import paths  # it needs the settings, which are being read here

        record.args = tuple(paths.route_of(path) if arg == path else arg for arg in record.args)
    return True


ROUTINE = ("celery.beat", "celery.worker.strategy", "celery.app.trace")
"""Celery's own, who at INFO tell of each task, some every ten seconds, three times."""


def settings(level: str, kind: str) -> dict[str, Any]:
    """``LOGGING``: everything from this level on, to the console."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "news": {"()": "django.utils.log.CallbackFilter", "callback": is_news},
            "routes": {"()": "django.utils.log.CallbackFilter", "callback": without_address},
        },
        "formatters": {"chosen": {"()": "config.logs.of_console", "kind": kind}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "chosen",
                "filters": ["routes"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            **{name: {"level": "WARNING" if level == "INFO" else level} for name in ROUTINE},
            "django.server": {"level": "INFO", "propagate": True},
            # A host that a stranger typed is answered 400, and is nobody's error.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.request": {"level": "ERROR", "filters": ["news"]},
        },
    }


def of_web_server(kind: str) -> dict[str, Any]:
    """What Granian logs of itself and, if asked, of requests: to the same place, likewise."""
    to_console = {"handlers": ["console"], "level": "INFO", "propagate": False}
    return {
        "formatters": {"chosen": {"()": "config.logs.of_console", "kind": kind}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {"_granian": to_console, "granian.access": to_console},
    }
