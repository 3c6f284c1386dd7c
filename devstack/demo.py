"""`make demo`: the whole product in the foreground, until Ctrl-C."""

import http.client
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from devstack import environment, ports, private_file, processes, static_files
from devstack.data_dir import DataDir
from devstack.errors import StackError
from devstack.postgres import Postgres
from devstack.runner import Runner, ending
from devstack.valkey import Valkey

SECONDS_TO_START = 90


def run(data_dir: DataDir, port: int, days: str) -> None:
    """Run the product until a signal ends it; raise StackError when it cannot start or go on."""
    ports.require_free(port)
    made_up = environment.settings(data_dir, port) | environment.receiver_beside(port)
    with (
        data_dir.claimed("make demo"),
        environment.running(data_dir.path, made_up) as running,
    ):
        env = environment.for_child(running.variables)
        facts = prepare(data_dir, env, days)
        data_dir.publish(running.variables)
        ports.require_free(port)  # once more: preparing took its time

        with Runner() as runner:
            start_web(runner, port, env)
            wait_until_ready(runner, port)
            print(announcement(facts, port, data_dir.path, env), flush=True)
            start_celery(runner, data_dir, env)
            start_receiver(runner, env)
            traffic = [sys.executable, "manage.py", "demo_traffic", "-v0"]
            runner.start("desktops", traffic, env, respawn=True)
            while True:
                runner.forward(seconds=1)
                start_the_killed_again(running.servers)


def start_the_killed_again(servers: Mapping[str, Postgres | Valkey]) -> None:
    """Start the database and the broker once more, if they were killed, and say so."""
    for name, server in servers.items():
        status = server.process.poll()
        if status is not None:
            server.start_again()
            print(f"{name} had ended ({ending(status)}) and was started again.", flush=True)


def prepare(data_dir: DataDir, env: Mapping[str, str], days: str) -> dict[str, Any]:
    """Bring the database and the static files up to date; return the demo's sign-ins and keys."""
    collecting = collect_static_files(data_dir, env)
    fill_in = ["demo", "--migrate", "--json", f"--days={days}"]
    output = finish("demo", manage(fill_in, env, stdout=PIPE))
    if collecting:
        finish("collectstatic", collecting)
        private_file.write(fingerprint_file(data_dir), static_files.fingerprint())
    facts: dict[str, Any] = json.loads(output)
    return facts


def collect_static_files(data_dir: DataDir, env: Mapping[str, str]) -> Popen[bytes] | None:
    """Begin to collect the static files, unless they are the same as the last time."""
    file = fingerprint_file(data_dir)
    if file.exists() and file.read_text() == static_files.fingerprint():
        return None
    file.unlink(missing_ok=True)
    return manage(["collectstatic", "--noinput", "-v0"], env)


def fingerprint_file(data_dir: DataDir) -> Path:
    """Where it is kept from which source the static files were collected."""
    return data_dir.path / "static.fingerprint"


def manage(words: Sequence[str], env: Mapping[str, str], stdout: int | None = None) -> Popen[bytes]:
    """Begin a management command."""
    return processes.spawn([sys.executable, "manage.py", *words], env=env, stdout=stdout)


def finish(name: str, command: Popen[bytes]) -> str:
    """Wait for a management command and return its output; raise StackError when it failed."""
    output, _ = command.communicate()
    if command.returncode:
        raise StackError(f"manage.py {name} failed; it says why above.")
    return (output or b"").decode()


def start_web(runner: Runner, port: int, env: Mapping[str, str], *options: str) -> None:
    """Start the web server, alone: what is not needed for a page would only make it late.

    Of an option that is given twice, the last one counts.
    """
    words = [sys.executable, "-m", "granian", *web_options(port), *options]
    runner.start("web", words, env, respawn=True)


def start_celery(runner: Runner, data_dir: DataDir, env: Mapping[str, str]) -> None:
    """Start the worker and beat."""
    quietly = "ignore:You're running the worker with superuser privileges"
    celery = [sys.executable, "-W", quietly, "-m", "celery", "--quiet", "--app", "config"]
    runner.start(
        "worker",
        [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"],
        env,
        respawn=True,
    )
    runner.start("beat", [*celery, "--skip-checks", "beat", "--pidfile="], env, respawn=True)


def start_receiver(runner: Runner, env: Mapping[str, str]) -> None:
    """Start what takes the messages of webhooks and channels, if there is a port for it."""
    if address := env["DEMO_RECEIVER"]:
        port = address.rpartition(":")[2]
        runner.start("taker", [sys.executable, "-m", "devstack.receiver", port], env, respawn=True)


def web_options(port: int) -> list[str]:
    """How Granian serves the product: a worker for each core, as measured for it."""
    workers = max(2, os.cpu_count() or 1)
    return [
        "--interface=rsgi",
        "--http=1",
        "--no-ws",
        "--host=127.0.0.1",
        f"--port={port}",
        f"--workers={workers}",
        "--respawn-failed-workers",
        "--workers-kill-timeout=5",  # one that is still starting does not hear the signal
        "--log-level=error",  # it warns of more workers than processors
        "config.rsgi:application",
    ]


def wait_until_ready(runner: Runner, port: int) -> None:
    """Wait until the product answers that it is ready; raise StackError when it does not."""
    deadline = time.monotonic() + SECONDS_TO_START
    while (answer := readiness(port)) != "200":
        if time.monotonic() > deadline:
            raise StackError(f"The product is not ready after {SECONDS_TO_START} s: {answer}")
        runner.forward(seconds=0.2)


def readiness(port: int, address: str = "127.0.0.1") -> str:
    """The status of /readyz, or why there is none."""
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "127.0.0.1"})
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()


def announcement(facts: Mapping[str, Any], port: int, folder: Path, env: Mapping[str, str]) -> str:
    """The one block that says where the product is and how to get in."""
    sign_ins = [(s["role"], s["email"], s["password"]) for s in facts["sign_ins"]]
    keys = [
        (label, facts[name]["serial_number"], facts[name]["product_key"])
        for label, name in (("concurrent pool", "pool"), ("single-user licence", "single_user"))
    ]
    site = f"http://127.0.0.1:{port}/"
    rule = "─" * 78
    return "\n".join(
        [
            "",
            rule,
            f"The product runs at {site}",
            "",
            *table(("Sign in as", "E-mail", "Password"), sign_ins),
            "",
            *table(("Licence", "Serial number", "Product key"), keys),
            "",
            where_mails_are(site, env),
            where_messages_are(env),
            f"Its data is kept in {folder}. Ctrl-C stops everything.",
            rule,
            "",
        ]
    )


def where_mails_are(site: str, env: Mapping[str, str]) -> str:
    """Where one reads what the product writes to people."""
    if env["MAIL_BACKEND"] == environment.KEEPS_MAILS:
        return f"Its mails are read at {site}{environment.MAIL_PAGE} by any of its staff."
    return "Its mails go where MAIL_BACKEND says."


def where_messages_are(env: Mapping[str, str]) -> str:
    """Where one reads what webhooks and channels are sent."""
    if address := env["DEMO_RECEIVER"]:
        return f"Its webhooks and channels may post to {address}/, where that is read."
    return "Its webhooks post nowhere here: the next port is taken."


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines with columns as wide as their longest word."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  "
        + "   ".join(f"{word:<{width}}" for word, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
