"""Whether this process is alive, and whether it can serve."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from licensing import errors, readiness
from licensing.api import schema
from licensing.api.exchange import DocumentView, answer

logger = structlog.get_logger(__name__)

ASKED_BY_DOCTOR = "X-Doctor"
"""With what `manage.py doctor` signs its question; nobody else is told what came between."""
GOOD_FOR = 60
DRAINING = gettext_lazy("Draining: this server stops soon, and serves on until then.")
NOT_READY = gettext_lazy("The service is not ready. Its log says why.")


class AliveView(DocumentView):
    """Asked by whatever restarts processes; needs nothing but the process."""

    @schema.alive
    def get(self, request: HttpRequest) -> HttpResponse:
        """Say that the process answers."""
        return answer({"status": "alive"})


class ReadyView(DocumentView):
    """Asked by load balancers. Without a cache or a worker the product still serves."""

    @schema.ready
    def get(self, request: HttpRequest) -> HttpResponse:
        """Say that this process can serve; 503 otherwise, and the log says why."""
        if fault := readiness.fault():
            logger.warning("not_ready", cause=fault.detail, what_to_do=fault.what_to_do)
            raise errors.ServiceUnavailable(
                DRAINING if fault == readiness.of_stopping() else NOT_READY
            )
        return answer({"status": "ready"} | for_doctor(request))


def sign() -> str:
    """What the doctor sends."""
    return TimestampSigner(salt=ASKED_BY_DOCTOR).sign("doctor")


def for_doctor(request: HttpRequest) -> dict[str, Any]:
    """How many proxies told whom they had it from, if it is the doctor who asks."""
    try:
        told = request.headers.get(ASKED_BY_DOCTOR, "")
        TimestampSigner(salt=ASKED_BY_DOCTOR).unsign(told, max_age=GOOD_FOR)
    except BadSignature:
        return {}
    forwarded = request.headers.get("X-Forwarded-For", "")
    return {"proxies": len(forwarded.split(",")) if forwarded else 0}
