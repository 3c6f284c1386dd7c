"""The C++ client of the examples: built here, tried with the conformance kit and the server."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from licensing import sessions
from licensing.models import ClientSession
from tests.client import vectors
from tests.factories import TESTER, make_pool

SOURCE = vectors.FOLDER.parent / "examples" / "cpp" / "example.cpp"
PROBE = "#include <openssl/ssl.h>\nint main() { return SSL_library_init() ? 0 : 1; }\n"


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The program, built with the compiler that is there."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if not compiler:
        pytest.skip("The C++ example was not built: there is no g++ or clang++ (Debian: g++).")
    folder = tmp_path_factory.mktemp("example")
    (folder / "probe.cpp").write_text(PROBE)
    if build(compiler, folder / "probe.cpp", folder / "probe").returncode:
        pytest.skip("The C++ example was not built: no OpenSSL headers (Debian: libssl-dev).")

    built = build(compiler, SOURCE, folder / "example")
    assert built.returncode == 0, built.stderr
    return folder / "example"


def build(compiler, source, program):
    """What the compiler says."""
    strict = ["-std=c++17", "-Wall", "-Wextra", "-Werror"]
    command = [compiler, *strict, str(source), "-o", str(program), "-lssl", "-lcrypto"]
    return subprocess.run(command, capture_output=True, text=True)


def test_example_passes_the_kit(example):
    told = subprocess.run(
        [example, "vectors", vectors.FOLDER], capture_output=True, text=True, timeout=60
    )

    assert told.stdout.endswith(" 0 failed, 1 skipped\n"), told.stdout
    assert int(told.stdout.split()[0]) > 200


def test_example_s_run_of_the_kit_can_fail(example, tmp_path):
    for file in ("leases", "clocks", "answers", "states"):
        kit = vectors.read(file)
        if file == "leases":
            kit["cases"][0]["expect"] = "over"
        (tmp_path / f"{file}.json").write_text(json.dumps(kit))

    told = subprocess.run([example, "vectors", tmp_path], capture_output=True, text=True)

    assert told.returncode == 1
    assert "leases: a lease that runs: runs, not over\n" in told.stdout


def test_example_holds_a_session_of_the_server(
    example, live_server, transactional_db, django_db_serialized_rollback
):
    key = make_pool(1)
    command = [example, "session", live_server.url, key.serial_number, 'CAD-"017"', "ACME\\Jürgen"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as program:
        program.stdin.write(f"{key.plain}\n")
        opened, offline = program.stdout.readline().split(), program.stdout.readline()
        held = ClientSession.objects.active().get()
        program.stdin.write("refresh\n")
        refreshed = program.stdout.readline().split()
        sessions.release(held, by=TESTER)
        program.stdin.write("refresh\n")
        released = program.stdout.readline().split()
        program.stdin.close()

    assert opened == refreshed == ["licensed", str(held.pk)]
    assert (held.machine_name, held.username) == ('CAD-"017"', "ACME\\Jürgen")
    assert offline.startswith("offline until ")
    assert released == ["released", "session_released"]
