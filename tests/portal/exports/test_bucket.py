"""Private files in a bucket: kept, handed out by the product alone, and gone when they end."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import QueryDict
from django.urls import reverse

from config import rsgi
from config import storages as kept_in
from config.bucket import Fetched
from devstack import processes
from portal.exports import files
from portal.models import Export
from portal.upkeep import doctor
from tests.factories import make_session

pytestmark = pytest.mark.django_db


class Store(BaseHTTPRequestHandler):
    """As much of S3 as is needed: what was put at an address is there until it is deleted."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        self.server.held[self.path.partition("?")[0]] = self.body()
        self.answer(self.server.status or 200)

    def do_GET(self):
        held = self.server.held.get(self.path.partition("?")[0])
        self.answer(self.server.status or (404 if held is None else 200), held or b"")

    def do_HEAD(self):
        self.do_GET()

    def do_DELETE(self):
        self.server.held.pop(self.path.partition("?")[0], None)
        self.answer(self.server.status or 204)

    def body(self):
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return sent
        size, _, rest = sent.partition(b"\r\n")
        return rest[: int(size.split(b";")[0], 16)]

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def store(monkeypatch, settings):
    """A store in which the product keeps its private files, as the environment says."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    server.held, server.status = {}, None
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    for name, value in {
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "eu-central-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    bucket = kept_in.private_files("s3://licensing-files/exports/")
    settings.PRIVATE_FILES = bucket
    settings.STORAGES = settings.STORAGES | {"private": kept_in.in_bucket(bucket)}
    monkeypatch.setattr(Export.file.field, "storage", storages["private"])
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def made(store, account, owner, pool):
    """An export that was made in the background."""
    make_session(pool)
    files.order("sessions", "csv", account.memberships.get(), QueryDict())
    files.make_ordered()
    return Export.objects.get()


def test_an_export_lies_there_and_is_fetched_by_its_owner_alone(store, made, owner, stranger):
    [(path, held)] = store.held.items()
    assert path == f"/licensing-files/exports/exports/{made.pk}.csv"

    fetched = owner.get(reverse("portal:export", args=[made.pk]))

    assert b"".join(fetched.streaming_content) == held
    assert b"CAD-" in held or b"PC" in held
    assert stranger.get(reverse("portal:export", args=[made.pk])).status_code == 404
    with pytest.raises(NotImplementedError):
        _ = made.file.url


def test_the_web_server_sends_it_from_a_disk_and_leaves_nothing(store, made, monkeypatch):
    monkeypatch.setattr("config.bucket.LEFT_FOR", 0)

    file = made.file.open()

    assert isinstance(file.file, Fetched)
    name = rsgi.path_of(rsgi.FileWrapper(file))
    assert Path(name).read_bytes() == next(iter(store.held.values()))
    file.close()
    assert processes.wait_until(lambda: not Path(name).exists(), seconds=5)


def test_it_goes_when_its_time_is_over(store, made):
    Export.objects.update(ends_at=made.created_at)

    assert files.remove_ended() == 1
    assert store.held == {}


def test_a_store_that_refuses_ends_the_export_and_is_told_by_the_doctor(
    store, account, owner, caplog
):
    store.status = 403
    files.order("sessions", "csv", account.memberships.get(), QueryDict())

    assert files.make_ordered() == 0
    assert Export.objects.get().failed_at
    assert doctor.bucket().detail == "PRIVATE_FILES: S3: 403."
    store.status = None
    assert doctor.bucket() == "The bucket of PRIVATE_FILES takes files."
    assert store.held == {}
    assert not storages["private"].exists("doctor")
    storages["private"].save("doctor", ContentFile(b""))
    assert storages["private"].exists("doctor")
