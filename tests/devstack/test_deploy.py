"""The product run by the very lines of docs/operations.md, behind nginx as shipped."""

import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from django.core.cache import cache

from config import VERSION
from config.command_line import PROCESSES
from devstack import demo, ports, processes
from tests.api.desktop import order
from tests.devstack.documented import DOCS, HOST, WEB, events_of, settings_of_an_operator, start
from tests.factories import make_pool

pytestmark = pytest.mark.slow

IS_THE_DEMOS_OWN = {"--log-level"}
SLOW = 100
ONE_WORKER = {"--workers 2": "--workers 1"}
"""Each takes two seconds of a processor to start; a new one takes the place of one as of two."""


def options(words):
    """The names of the options in a command line."""
    return {word.partition("=")[0] for word in words if word.startswith("--")}


@pytest.fixture(scope="module")
def environment(django_db_setup):
    return settings_of_an_operator()


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A folder with the product, of which ``config`` is a test's own to change."""
    folder = tmp_path_factory.mktemp("release")
    for name in ("licensing", "locale", "portal", "static", "support", "templates"):
        (folder / name).symlink_to(processes.ROOT / name)
    shutil.copytree(processes.ROOT / "config", folder / "config")
    return folder


@pytest.fixture(scope="module")
def web(environment, release):
    """The web server, and its port."""
    port = ports.free()
    process = start(WEB, environment, folder=release, **{"8000": str(port)} | ONE_WORKER)
    try:
        assert processes.wait_until(lambda: demo.readiness(port) == "200", seconds=90)
        yield process, port
    finally:
        processes.stop(process, grace=30)


def workers(process):
    """The ids of Granian's workers. One that has just ended is none."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return {int(pid) for pid in children.split() if is_worker(pid)}


def is_worker(pid):
    """Whether the process is there, and no tracker of Python's own."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()
    return False


def test_the_advice_is_the_demos():
    assert options(demo.web_options(1)) - IS_THE_DEMOS_OWN <= options(
        shlex.split(PROCESSES["serve"])
    )


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_told_to_stop_says_so_and_serves_on(environment, tmp_path):
    port, log = ports.free(), tmp_path / "log"
    own = {"DRAIN_SECONDS": "60", "LOG_FORMAT": "json"}
    process = start(WEB, environment | own, log, **{"8000": str(port)} | ONE_WORKER)
    try:
        assert processes.wait_until(lambda: demo.readiness(port) == "200", seconds=90)
        process.terminate()
        assert processes.wait_until(lambda: "Draining" in ready(port), seconds=30)

        opened = straight(port, "POST", "/api/v1/sessions", json.dumps(order(make_pool(1))))
        assert opened[:2] == (201, "close")
        process.terminate()  # told again, it stops at once
        assert process.wait(30) == 0
    finally:
        processes.stop(process)
    assert "Shutting down granian" in events_of(log)


def ready(port):
    """What /readyz says."""
    return straight(port, "GET", "/readyz")[2]


def straight(port, method, path, body=None):
    """The status of an answer without a proxy, what becomes of its connection, and its body."""
    headers = {"Host": HOST, "Content-Type": "application/json", "X-Forwarded-Proto": "https"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.getheader("Connection"), answer.read().decode()


def test_a_killed_worker_starts_again_and_hup_serves_what_is_there_now(web, release):
    process, port = web
    first = workers(process)
    os.kill(min(first), signal.SIGKILL)
    assert processes.wait_until(
        lambda: len(workers(process) - {min(first)}) == len(first), seconds=60
    )

    second = workers(process)
    put_in(release, "the next")
    process.send_signal(signal.SIGHUP)
    assert processes.wait_until(
        lambda: not workers(process) & second and len(workers(process)) == len(first), seconds=60
    )
    assert processes.wait_until(lambda: demo.readiness(port) == "200", seconds=30)
    assert "the next" in straight(port, "GET", "/accounts/login/")[2]


def put_in(release, version):
    """Update the product's ``config``, which the main process has read already."""
    code = release / "config" / "__init__.py"
    code.write_text(code.read_text().replace(VERSION, version))


@pytest.fixture
def nginx(web, tmp_path):
    """The ports, plain and TLS, of nginx with the configuration that is shipped."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    plain, tls = ports.free(), ports.free()
    configuration = lay_out(tmp_path, product=web[1], plain=plain, tls=tls)
    command = ["nginx", "-p", tmp_path, "-c", configuration, "-e", tmp_path / "error.log"]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    server = processes.spawn([*command, "-g", "daemon off; master_process off;"])
    try:
        assert processes.wait_until(lambda: ports.answers(tls), seconds=20)
        yield plain, tls
    finally:
        processes.stop(server)


def lay_out(folder, *, product, plain, tls):
    """The shipped files with the ports and folders of the test, and a certificate."""
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "1", "-subj", f"/CN={HOST}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (DOCS / "deploy" / "nginx.conf").read_text()
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{product}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        "/etc/ssl/licensing": str(folder),
        "/etc/nginx/licensing-proxy.conf": str(DOCS / "deploy" / "licensing-proxy.conf"),
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    text = re.sub(r"\n +listen \[::\].*", "", text)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"pid {folder}/nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )
    return main


def ask(port, method, path, body=None, **headers):
    """The answer through nginx, by TLS unless ``scheme`` says http."""
    if headers.pop("scheme", "https") == "http":
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    else:
        line = http.client.HTTPSConnection(
            "127.0.0.1", port, timeout=30, context=ssl._create_unverified_context()
        )
    headers |= {"Host": HOST, "Content-Type": "application/json"}
    with closing(line):
        line.request(method, path, None if body is None else json.dumps(body), headers)
        answer = line.getresponse()
        told = (answer.getheader("Location"), answer.read().decode())
        return answer.status, *told, answer.getheader("X-Request-Id")


@pytest.mark.django_db(transaction=True)
def test_nginx_as_shipped_stands_in_front(nginx):
    plain, tls = nginx
    wanted = order(make_pool(1))
    forged = {"X-Forwarded-For": "6.6.6.6", "X_Forwarded_For": "6.6.6.6"}

    with ExitStack() as slow:
        for _ in range(SLOW):
            line = slow.enter_context(socket.create_connection(("127.0.0.1", plain), timeout=30))
            line.sendall(f"POST /api/v1/sessions HTTP/1.1\r\nHost: {HOST}\r\n"
                         "Content-Length: 9\r\n\r\n{".encode())  # fmt: skip
        assert ask(tls, "GET", "/accounts/login/")[0] == 200
        assert ask(tls, "POST", "/api/v1/sessions", wanted)[0] == 201

    assert (
        ask(tls, "POST", "/api/v1/sessions", wanted | {"product_key": "wrong"}, **forged)[0] == 403
    )
    assert [key.rpartition("address:")[2] for key in cache.keys("*address:*")] == ["127.0.0.1"]
    refused = ask(plain, "POST", "/api/v1/sessions", wanted, scheme="http")
    assert (refused[0], json.loads(refused[2])["code"]) == (403, "https_required")
    assert ask(plain, "GET", "/people/", scheme="http")[:2] == (301, f"https://{HOST}/people/")
    named = ask(tls, "GET", "/.well-known/jwks.json", **{"X-Request-Id": "0123456789abcdef"})
    assert named[3] == "0123456789abcdef"  # by which programs know whose answer it is


def test_caddy_understands_what_is_shipped(tmp_path):
    if not shutil.which("caddy"):
        pytest.skip("Caddy is not installed: apt-get install caddy")
    version = subprocess.run(["caddy", "version"], capture_output=True, text=True).stdout
    text = (DOCS / "deploy" / "Caddyfile").read_text()
    if tuple(int(number) for number in re.findall(r"\d+", version)[:2]) < (2, 7):
        text = text.replace("request_buffers 3MB", "buffer_requests")  # what it was called
    (tmp_path / "Caddyfile").write_text(text)

    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", tmp_path / "Caddyfile"]
    of_its_own = os.environ | {"HOME": str(tmp_path)}
    told = subprocess.run(command, env=of_its_own, capture_output=True, text=True)

    assert told.returncode == 0, told.stderr


def test_workers_end_with_a_server_that_is_killed(web):
    process, port = web
    left = workers(process)
    process.kill()

    assert left
    assert processes.wait_until(lambda: not any(map(is_worker, left)), seconds=30)
    assert ports.is_free(port)
