"""Traces have a span of each request and task, with no address in it; without a setting nothing."""

from __future__ import annotations

import pytest
from django.conf import settings as product
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from config import traces
from portal import tasks
from tests.browsers import Browser


@pytest.fixture
def spans(monkeypatch):
    """What is told of from now on."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(traces, "tracer", lambda: provider.get_tracer("test"))
    return kept.get_finished_spans


def test_a_request_is_a_span_by_its_pattern(db, settings, spans):
    assert not any("traces" in name for name in product.MIDDLEWARE)
    settings.MIDDLEWARE = [
        settings.MIDDLEWARE[0], "config.traces.TracesMiddleware", *settings.MIDDLEWARE[1:],
    ]  # fmt: skip

    of_theirs = {"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
    answer = Browser().get("/invitations/s3cret/", headers=of_theirs)

    [span] = spans()
    assert span.name == "GET /invitations/<slug:code>/"
    assert span.parent is None
    assert span.attributes["http.response.status_code"] == answer.status_code
    assert span.attributes["request_id"] == answer["X-Request-Id"]
    assert "s3cret" not in span.to_json()


def test_a_task_is_a_span(db, spans):
    traces.trace_tasks()
    try:
        tasks.note_background_work.apply()
    finally:
        traces.signals.task_prerun.disconnect(traces.begin_task)
        traces.signals.task_postrun.disconnect(traces.end_task)

    [span] = spans()
    assert (span.name, span.attributes["state"]) == ("portal.tasks.note_background_work", "success")
