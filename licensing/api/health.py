"""Whether this process is alive, and whether it can serve."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from licensing import errors, readiness
from licensing.api import schema
from licensing.api.exchange import DocumentView, answer

logger = structlog.get_logger(__name__)

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
            raise errors.ServiceUnavailable(NOT_READY)
        return answer({"status": "ready"})
