"""Log lines as key-value text, the same for our own events and for everybody else's."""

import logging
import re
from typing import Any

import structlog

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


def formatter() -> logging.Formatter:
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
            visible,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "event"], bool_as_flag=False
            ),
        ],
    )


def is_news(record: logging.LogRecord) -> bool:
    """Whether Django tells of an answer what was not told: who answers 503 has said why."""
    return record.exc_info is not None or getattr(record, "status_code", 0) != 503


def settings(level: str) -> dict[str, Any]:
    """``LOGGING``: everything from this level on, to the console."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"news": {"()": "django.utils.log.CallbackFilter", "callback": is_news}},
        "formatters": {"plain": {"()": "config.logs.formatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"level": "INFO", "propagate": True},
            # A host that a stranger typed is answered 400, and is nobody's error.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.request": {"level": "ERROR", "filters": ["news"]},
        },
    }
