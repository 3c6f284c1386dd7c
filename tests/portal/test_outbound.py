"""Reading from addresses that customers typed in: what is too long, slow or broken is refused."""

from __future__ import annotations

import gzip
import threading

import pytest
import werkzeug.serving

from licensing.errors import InvalidOperation
from portal import openid, outbound

ANSWERS = {
    "/plain": (b"<a/>", {}),
    "/packed": (gzip.compress(b"<a/>"), {"Content-Encoding": "gzip"}),
    "/bomb": (gzip.compress(b" " * (outbound.LARGEST + 1)), {"Content-Encoding": "gzip"}),
    "/.well-known/openid-configuration": (b"[" * 100_000, {}),
    "/broken": (b"<a/>", {"Content-Encoding": "gzip"}),
}


@pytest.fixture(scope="module")
def server():
    """A server at an internal address."""

    def app(environ, start_response):
        body, headers = ANSWERS[environ["PATH_INFO"]]
        start_response("200 OK", list(headers.items()))
        return [body]

    made = werkzeug.serving.make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture(autouse=True)
def _internal(settings):
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True


@pytest.mark.parametrize("path", ["/plain", "/packed"])
def test_reads_the_whole_of_it(server, path):
    assert outbound.read(server + path) == b"<a/>"


@pytest.mark.parametrize("path", ["/bomb", "/broken"])
def test_what_unpacks_to_too_much_or_nothing_is_refused(server, path):
    with pytest.raises(OSError, match=r"too long, or too slow|packed badly"):
        outbound.read(server + path)


def test_what_takes_too_long_is_refused(server, monkeypatch):
    monkeypatch.setattr(outbound, "LONGEST", -1)

    with pytest.raises(OSError, match="too slow"):
        outbound.read(f"{server}/plain")


def test_what_is_nested_without_end_is_no_provider(server):
    with pytest.raises(InvalidOperation, match=r"^No sign-in service answers at this address\.$"):
        openid.sign_in_origin(server)
