"""The C++ library is right about the whole conformance kit, on Linux and Windows.

Here it runs with sanitizers, so that what C++ leaves undefined fails it too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.client import cpp, vectors, verdicts
from tests.client.driven import made_by

PARSERS = ("store", "lease", "answer", "policy")
OF_C = (
    "leases",
    "answers",
    "policies",
    "files",
    "typed",
    "stores",
    "requests",
    "starts",
    "closes",
    "keys",
    "devices",
)
CORPUS = cpp.SOURCES / "kit" / "corpus"


@pytest.fixture
def library():
    """The program of this system."""
    return made_by(cpp.kit_here)


def cases(files=verdicts.FILES):
    """The cases of the kit."""
    return [case for file in files for case in vectors.read(file)["cases"]]


@pytest.mark.slow
def test_library_passes_the_whole_kit(library):
    told = tried(library, vectors.FOLDER)

    assert told.stdout == f"{len(cases())} passed, 0 failed\n", told.stderr
    assert told.returncode == 0, told.stderr  # also where memory was left behind


@pytest.mark.slow
def test_what_c_has_calls_for_passes_through_the_c_interface(library):
    told = tried(library, vectors.FOLDER, "by_c")

    assert told.stdout == f"{len(cases(OF_C))} passed, 0 failed\n", told.stderr
    assert told.returncode == 0, told.stderr


@pytest.mark.slow
def test_library_passes_the_whole_kit_on_windows(windows_python):
    told = windows_python.run(made_by(cpp.kit_for_windows), "vectors", vectors.FOLDER)

    assert told.stdout == f"{len(cases())} passed, 0 failed\n", told


def tried(library: Path, folder: Path, what: str = "vectors") -> subprocess.CompletedProcess[str]:
    """What a run of a kit says."""
    in_memory = {"TMPDIR": verdicts.in_memory() or "/tmp"}
    return subprocess.run(
        [library, what, folder],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **in_memory},
    )


@pytest.mark.slow
def test_run_of_the_kit_can_fail(library, tmp_path):
    for file in (*verdicts.FILES, "play"):
        kit = vectors.read(file)
        kit["cases"] = kit.get("cases", [])[: None if file == "leases" else 2]  # plays name leases
        if file == "leases":
            kit["cases"][0]["expect"] = "over"
        if file == "starts":
            kit["cases"][0]["steps"][0]["exchanges"][0]["sent"]["line"] = "POST /elsewhere"
        (tmp_path / f"{file}.json").write_text(json.dumps(kit))

    told = tried(library, tmp_path)

    assert told.returncode == 1
    assert 'leases: a lease that runs: "runs", not "over"\n' in told.stdout
    assert "starts: the first start: open at 1795500000: " in told.stdout
    assert " 2 failed\n" in told.stdout


@pytest.mark.slow
@pytest.mark.parametrize("what", PARSERS)
def test_texts_that_nobody_would_write_break_nothing(library, what):
    told = subprocess.run(
        [library, "fuzz", what, CORPUS / what, "2000"], capture_output=True, text=True
    )

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.endswith(" texts read, 2000 more made of them\n")


@pytest.mark.slow
@pytest.mark.parametrize("what", PARSERS)
def test_texts_that_libfuzzer_makes_up_break_nothing(library, what, tmp_path):
    """The short form: client/cpp/README.md has the long one."""
    if not cpp.is_clang(cpp.quickest_here()):
        pytest.skip("There is no clang++, which has libFuzzer (Debian: clang).")
    (found := tmp_path / "found").mkdir()  # what it keeps

    told = subprocess.run(
        [library, "-runs=1000", "-seed=20", f"-artifact_prefix={tmp_path}/", found, CORPUS / what],
        capture_output=True,
        text=True,
        env={**os.environ, "FUZZ": what},
        cwd=tmp_path,
    )

    assert told.returncode == 0, told.stderr
    assert re.search(r"Done 1\d{3} runs", told.stderr), told.stderr
