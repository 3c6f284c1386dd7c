"""Traces by OpenTelemetry: a span for each request and each of Celery's tasks.

Nobody imports this but where TRACES_ADDRESS is set; it needs the extra ``traces``. Spans go there
by OTLP over HTTP, in batches and from a thread of their own. What a stranger sends as its trace is
not taken on: nobody outside decides what is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from typing import Any

from celery import Task, signals
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, Tracer

from licensing.api import paths


@cache
def provider() -> TracerProvider:
    """Where spans are made. How many are kept, OTEL_TRACES_SAMPLER says as everywhere."""
    named = {"service.name": "licensing", "service.version": settings.VERSION}
    made = TracerProvider(resource=Resource.create(named))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.TRACES_ADDRESS)))
    return made


@cache
def tracer() -> Tracer:
    """What makes our spans."""
    return provider().get_tracer("licensing")


class TracesMiddleware:
    """Make a span of each request: by its pattern, for an address may hold a code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = request.method or ""
        with tracer().start_as_current_span(method, kind=SpanKind.SERVER) as span:
            response = self.get_response(request)
            match = request.resolver_match
            route = match.route if match else paths.route_of(request.path_info)
            span.update_name(f"{method} /{route}")
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": f"/{route}",
                    "http.response.status_code": response.status_code,
                    "request_id": request.request_id,  # type: ignore[attr-defined]
                }
            )
            if response.status_code >= 500:
                span.set_status(StatusCode.ERROR)
        return response


def trace_tasks() -> None:
    """Make spans from now on of what this process and those that it starts do of Celery's tasks."""
    signals.task_prerun.connect(begin_task)
    signals.task_postrun.connect(end_task)


def begin_task(task: Task, **_: Any) -> None:
    """Begin its span."""
    task.request.traced = ExitStack()
    named = tracer().start_as_current_span(task.name, kind=SpanKind.CONSUMER)
    task.request.span = task.request.traced.enter_context(named)


def end_task(task: Task, state: str | None, **_: Any) -> None:
    """End it."""
    task.request.span.set_attribute("state", (state or "unknown").lower())
    if state == "FAILURE":
        task.request.span.set_status(StatusCode.ERROR)
    task.request.traced.close()
