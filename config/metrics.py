"""What is counted for monitoring, and where it is told.

Nobody imports this but where METRICS_ADDRESS or METRICS_TOKEN is set. Each process counts in
files of its own in METRICS_FOLDER, and the one that is asked adds up those of all; figures of the
database are read when somebody asks.
"""

from __future__ import annotations

import fcntl
import os
import socket  # noqa: TID251, we listen
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from celery import Task, signals
from django.conf import settings
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from config.values import make_folder

if not settings.METRICS_FOLDER.is_dir():
    make_folder("METRICS_FOLDER", settings.METRICS_FOLDER)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.METRICS_FOLDER)  # before it is read

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    make_wsgi_app,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from portal.upkeep import figures

logger = structlog.get_logger(__name__)

PATIENCE = 10
"""Seconds that a connection to our own address may say nothing, and until an address that another
program has is tried again."""

REQUESTS = Histogram(
    "licensing_request_seconds",
    "Time from a request's head to its answer, by call and status.",
    ("call", "status"),
    registry=None,
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
REFUSALS = Counter(
    "licensing_refusals", "Refusals of programs, by call and code.", ("call", "code"), registry=None
)
TASKS = Histogram(
    "licensing_task_seconds",
    "How long Celery's tasks took, by name and how they ended.",
    ("task", "state"),
    registry=None,
    buckets=(0.01, 0.1, 1, 10, 60, 300),
)
of_requests, of_refusals = cache(REQUESTS.labels), cache(REFUSALS.labels)


class Figures(Collector):
    """The figures that are read when somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Those that there are."""
        found = figures.kept.read()
        for name, named in figures.NAMES.items():
            family = GaugeMetricFamily(name, named.meaning, labels=named.labels)
            for figure in found:
                if figure.name == name:
                    family.add_metric(figure.labels, figure.value)
            if family.samples:
                yield family


def everything() -> CollectorRegistry:
    """What all processes of this machine counted, and the figures."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Figures())
    return registry


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All of it, for who sends the token; for others there is no such address."""
    sent = request.headers.get("Authorization", "")
    if not constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    return HttpResponse(
        generate_latest(everything()),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


class Server(ThreadingMixIn, WSGIServer):
    """Listens at our own address, which nobody else has."""

    daemon_threads = True
    allow_reuse_port = False


class ServerOfIPv6(Server):
    """The same for an address of IPv6."""

    address_family = socket.AF_INET6


class Handler(WSGIRequestHandler):
    """Does not log who asked, and waits for nobody for long."""

    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def tell(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """All of it, for who asks at our own address. Its thread keeps no connection."""
    try:
        return make_wsgi_app(everything())(environ, start_response)
    finally:
        connections.close_all()


def serve() -> None:
    """Listen at our own address, in a thread, if there is one."""
    if settings.METRICS_ADDRESS:
        at = settings.METRICS_ADDRESS
        Thread(target=serve_in_turn, args=at, daemon=True, name="metrics").start()


def serve_in_turn(host: str, port: int) -> None:
    """Listen there when it is this process's turn: one of this machine has it until it ends.

    So whatever else has the address is no process of ours.
    """
    with turn_at(host, port).open("w") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        with listening(host, port) as server:
            server.serve_forever()


def turn_at(host: str, port: int) -> Path:
    """What is locked by the process that listens there, and unlocked by the system at its end."""
    return settings.METRICS_FOLDER / f"{socket.gethostname()} {host} {port}.lock"


def listening(host: str, port: int) -> Server:
    """A server at this address, as soon as it can be; why it is not at once stands in the log."""
    kind = ServerOfIPv6 if ":" in host else Server
    told = ""
    while True:
        try:
            return make_server(host, port, tell, kind, Handler)
        except OSError as error:  # nobody goes without a licence for that
            why = error.strerror or str(error)
        if why != told:
            logger.error("metrics_not_served", setting="METRICS_ADDRESS", error=why)
            told = why
        time.sleep(PATIENCE)


def count_tasks() -> None:
    """Count from now on what this process and those that it starts do of Celery's tasks."""
    signals.task_prerun.connect(begin_task)
    signals.task_postrun.connect(count_task)


def begin_task(task: Task, **_: Any) -> None:
    """Note when it began."""
    task.request.began = time.perf_counter()


def count_task(task: Task, state: str | None, **_: Any) -> None:
    """Count it, now that it is over."""
    took = time.perf_counter() - task.request.began
    TASKS.labels(task.name, (state or "unknown").lower()).observe(took)
