"""What the web server's command line refuses."""

import json
import os
import socket
import subprocess
import sys

import pytest

from config import serving
from devstack import ports


@pytest.mark.slow
def test_a_port_that_is_none_is_told_in_a_sentence():
    words = ["--interface", "rsgi", "--port", "99999", "config.rsgi:application"]

    told = subprocess.run(
        [sys.executable, "-m", "config.serving", *words], capture_output=True, text=True
    )

    assert told.returncode == 2
    assert "Invalid value for '--port': 99999" in told.stderr
    assert "Traceback" not in told.stderr


def shared():
    """A socket as Granian's workers listen on theirs: another that does the same may join it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind(("127.0.0.1", 0))
    held.listen()
    return held


@pytest.mark.slow
def test_a_port_that_another_server_listens_at_is_not_shared():
    with shared() as held:
        port = held.getsockname()[1]
        words = ["--interface", "rsgi", "--port", str(port), "config.rsgi:application"]

        told = subprocess.run(
            [sys.executable, "-m", "config.serving", *words],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    assert told.returncode == 1
    assert told.stderr.splitlines()[-1] == (
        f"127.0.0.1:{port}: another process listens there. Stop it (`ss -ltnp` says which), or "
        "serve at another port: --port 8001."
    )
    assert "Traceback" not in told.stderr


def test_an_address_that_is_another_machines_is_named():
    with pytest.raises(SystemExit, match=r"192\.0\.2\.1:8000: this machine has no such"):
        serving.require_free("192.0.2.1", 8000)


def test_a_port_that_just_had_connections_is_free():
    port = ports.free()
    with (
        socket.create_server(("127.0.0.1", port)) as server,
        socket.create_connection(("127.0.0.1", port)),
        server.accept()[0] as taken,
    ):
        taken.shutdown(socket.SHUT_RDWR)  # so that it waits at this port for a while

    serving.require_free("127.0.0.1", port)


@pytest.mark.parametrize("metrics", [("127.0.0.1", 8001), None])
def test_figures_at_another_port_are_apart(metrics):
    serving.require_apart(8000, metrics)


def test_figures_at_the_port_of_the_pages_are_refused():
    with pytest.raises(SystemExit, match="METRICS_ADDRESS has the port of the pages, 8000"):
        serving.require_apart(8000, ("127.0.0.1", 8000))


SAYS_A_LINE = """
import threading, warnings
from granian.log import logger
from config.serving import Draining
Draining("config.rsgi:application", interface="rsgi")
logger.info("Listening at: %s", "here")
warnings.warn("of Python's own")
thread = threading.Thread(target=[].pop)
thread.start()
thread.join()
1 / 0
"""


@pytest.mark.slow
def test_the_web_servers_own_lines_are_as_all_others():
    told = subprocess.run(
        [sys.executable, "-c", SAYS_A_LINE],
        env=os.environ | {"LOG_FORMAT": "json"}, capture_output=True, text=True,
    )  # fmt: skip

    line, warning, of_thread, last = map(json.loads, told.stderr.splitlines())
    assert (line["level"], line["event"]) == ("info", "Listening at: here")
    assert "UserWarning: of Python's own" in warning["event"]
    assert "IndexError" in of_thread["exception"]
    assert "ZeroDivisionError" in last["exception"]
    assert told.stdout == ""


@pytest.mark.parametrize("told", ["METRICS_ADDRESS", "METRICS_TOKEN"])
@pytest.mark.slow
def test_figures_that_no_worker_could_keep_end_the_server(told):
    asks = {"METRICS_ADDRESS": "127.0.0.1:9464", "METRICS_TOKEN": "x" * 32}[told]
    words = ["--interface", "rsgi", "--port", f"{ports.free()}", "--respawn-failed-workers"]

    ended = subprocess.run(
        [sys.executable, "-m", "config.serving", *words, "config.rsgi:application"],
        env=os.environ | {told: asks, "METRICS_FOLDER": "/proc/figures"},
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("METRICS_FOLDER")
