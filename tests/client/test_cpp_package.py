"""The C++ library as it is handed over: CMake's package, the C interface, what others package."""

from __future__ import annotations

import ctypes
import functools
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from licensing.models import ClientSession
from tests.client import cpp
from tests.client.driven import made_by
from tests.windows import TOOLS

OK, NOTHING, WRONG_ARGUMENT, WRONG_SERIAL, WRONG_KEY = 0, 1, 2, 4, 5
RUNS, OVER, NOT_VALID, NO_LEASE = 0, 1, 3, 4
TEXTS = ("version", "vendor", "product", "software", "features", "optional_features")
PLACES = {
    "code": 64,
    "licence_name": 256,
    "message": 2048,
    "contact": 1024,
    "reference": 128,
    "notices": 2048,
    "features": 1024,
    "can_do_without": 1024,
}


class Asks(ctypes.Structure):
    """``cl_program``."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        *((name, ctypes.c_char_p) for name in (*TEXTS, "pinned_keys", "language")),
        ("changed", ctypes.c_void_p),
        ("context", ctypes.c_void_p),
    ]


class Says(ctypes.Structure):
    """``cl_lease``."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("verdict", ctypes.c_int32),
        ("signed_at", ctypes.c_double),
        ("until", ctypes.c_double),
        ("why", ctypes.c_char * 32),
        ("features", ctypes.c_char * 1024),
    ]


class Stands(ctypes.Structure):
    """``cl_status``, of a program that knows one more number than the library does."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        *((name, ctypes.c_int32) for name in ("state", "is_open", "is_asking", "new_key_waits")),
        ("grace_until", ctypes.c_double),
        *((name, ctypes.c_char * size) for name, size in PLACES.items()),
        ("of_a_later_version", ctypes.c_int64),
    ]


@pytest.fixture(scope="module")
def installed() -> Path:
    """Where the package is."""
    return made_by(cpp.package)


@pytest.fixture(scope="module")
def programs() -> Path:
    """Where the examples are that use the package."""
    return made_by(cpp.examples)


@pytest.fixture
def library(installed):
    """The C interface."""
    loaded = ctypes.CDLL(str(installed / "lib" / "libcloud_licence.so"))
    loaded.cl_version.restype = ctypes.c_char_p
    return loaded


def asks(**values: bytes) -> Asks:
    """A program that asks."""
    return Asks(size=ctypes.sizeof(Asks), version=b"16.0.02", **values)


def stands(size: int = ctypes.sizeof(Stands)) -> Stands:
    """A place for how things stand."""
    return Stands(size=size, of_a_later_version=7)


def test_program_in_c_goes_without_a_feature_and_holds_a_seat_while_it_works(programs, pc, key):
    program = programs / "example_c"

    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        refused, reference = running.stdout.readline(), running.stdout.readline()
        opened = running.stdout.readline()
        seats = ClientSession.objects.active().count()
        rest = running.communicate(b"one\n", timeout=20)[0]

    assert refused.endswith(b"The program can be opened without bim. (shut)\n")
    assert reference.startswith(b"Reference: ")
    assert (opened, rest) == (b"You have a licence.\n", b"working: one\n")
    assert (seats, running.returncode) == (1, 0)
    assert not ClientSession.objects.active().exists()


def test_program_of_twenty_lines_does_the_same(programs, pc, key):
    program = [programs / "twenty_lines"]

    told = subprocess.run(program, input=b"one\n", capture_output=True, timeout=20)

    assert told.returncode == 0
    assert sorted(told.stdout.splitlines()) == [b"You have a licence.", b"working: one"]
    assert not ClientSession.objects.active().exists()


def test_twenty_lines_of_the_guide_are_those_that_are_compiled():
    lines = (cpp.SOURCES / "examples" / "twenty_lines.cpp").read_text().rstrip().splitlines()
    guide = (cpp.SOURCES.parents[1] / "docs" / "integrators-guide.md").read_text()

    assert "\n".join(f"    {line}".rstrip() for line in lines) in guide
    assert len([line for line in lines if line]) <= 20


def test_program_in_c_sharp_does_the_same(installed, pc, key, tmp_path):
    for tool in ("mcs", "mono"):
        if not shutil.which(tool):
            pytest.skip(f"There is no {tool} (Debian: mono-mcs, mono-runtime).")
    program = tmp_path / "example.exe"
    source = cpp.SOURCES / "examples" / "csharp" / "Program.cs"
    cpp.run("mcs", "-warnaserror", f"-out:{program}", str(source))

    told = subprocess.run(
        ["mono", program],
        input=b"one\n",
        capture_output=True,
        timeout=20,
        env={**os.environ, "LD_LIBRARY_PATH": str(installed / "lib")},
    )

    assert (told.returncode, told.stdout) == (0, b"You have a licence.\nworking: one\n"), (
        told.stderr
    )
    assert not ClientSession.objects.active().exists()


def test_program_in_c_says_why_it_does_not_open(programs, pc):
    program = [programs / "example_c"]

    told = subprocess.run(program, capture_output=True, timeout=20, text=True)

    assert told.returncode == 3
    assert told.stdout.startswith("There is no serial number and product key yet.")


def test_shared_library_shows_its_interface_and_nothing_else(installed):
    shown = subprocess.run(
        ["nm", "-D", "--defined-only", installed / "lib" / "libcloud_licence.so"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    declared = (cpp.SOURCES / "c" / "cloud_licence.h").read_text()

    names = set(re.findall(r" T (\w+)@@CLOUD_LICENCE_1\.[01]", shown))
    assert names == set(re.findall(r"CL_API [\w ]+?[ *](cl_\w+)\(", declared))
    assert len(shown.splitlines()) == len(names) + 2  # and the versions themselves


@pytest.mark.parametrize(
    "compiler", ["gcc", "clang", "x86_64-w64-mingw32-gcc", "i686-w64-mingw32-gcc"]
)
def test_what_programs_rely_on_that_are_out_there_stays(compiler):
    if not shutil.which(compiler):
        pytest.skip(f"There is no {compiler}.")

    cpp.run(compiler, "-std=c11", *cpp.WARNINGS, "-fsyntax-only", str(cpp.SOURCES / "c/abi_1.c"))


def test_wrong_arguments_are_numbers_and_no_crash(library):
    licence, short = ctypes.c_void_p(), asks()
    short.size -= 1

    assert library.cl_open(None, ctypes.byref(licence)) == WRONG_ARGUMENT
    assert library.cl_open(ctypes.byref(asks()), None) == WRONG_ARGUMENT
    assert library.cl_open(ctypes.byref(short), ctypes.byref(licence)) == WRONG_ARGUMENT
    keys = asks(pinned_keys=b"{torn")
    assert library.cl_open(ctypes.byref(keys), ctypes.byref(licence)) == WRONG_ARGUMENT
    assert library.cl_get(None, ctypes.byref(stands())) == WRONG_ARGUMENT
    assert library.cl_doctor(ctypes.byref(asks()), None, None) == WRONG_ARGUMENT
    assert (
        library.cl_read_lease(ctypes.byref(asks()), None, ctypes.c_double(0), None)
        == WRONG_ARGUMENT
    )
    assert library.cl_close(None) is not NotImplemented
    assert licence.value is None


def test_struct_of_a_later_version_keeps_what_the_library_does_not_know(library, pc):
    licence, status = ctypes.c_void_p(), stands()

    assert library.cl_open(ctypes.byref(asks()), ctypes.byref(licence)) == OK
    assert library.cl_wait(licence, ctypes.c_double(20), ctypes.byref(status)) == OK
    short = stands(size=100)
    assert library.cl_get(licence, ctypes.byref(short)) == WRONG_ARGUMENT
    library.cl_close(licence)

    assert status.code == b"no_key"
    assert (status.size, status.of_a_later_version) == (ctypes.sizeof(Stands), 7)
    assert short.code == b""


def test_keys_that_are_typed_are_checked_and_kept(library, pc):
    def enter(number: bytes, key: bytes) -> int:
        return library.cl_enter(ctypes.byref(asks()), number, key)

    assert enter(b"10AB-CD23-EFE0", b"") == WRONG_SERIAL
    assert enter(b"10ab cd23 efe3", b"01234-56789") == WRONG_KEY
    assert enter(b"10ab cd23 efe3", b"01234-56789-ABCDE-FGHJK-MNPQR-S10SB") == OK

    kept = Path(pc.home / "config/elecosoft/powerproject/licensing.conf")
    assert kept.read_text() == (
        "ProductKey = 01234-56789-ABCDE-FGHJK-MNPQR-S10SB\nSerialNumber = 10AB-CD23-EFE3\n"
    )
    assert kept.stat().st_mode & 0o777 == 0o600


def test_lease_that_is_kept_is_read_without_a_seat(library, programs, pc, key):
    says = Says(size=ctypes.sizeof(Says))
    read = functools.partial(library.cl_read_lease, ctypes.byref(asks()), None)
    none = read(ctypes.c_double(0), ctypes.byref(says)), says.verdict

    subprocess.run([programs / "example_c"], input=b"", capture_output=True, timeout=20)
    runs = read(ctypes.c_double(0), ctypes.byref(says)), says.verdict
    until = says.until
    over = read(ctypes.c_double(until + 1), ctypes.byref(says)), says.verdict
    other = library.cl_read_lease(
        ctypes.byref(asks()), b"a.b.c", ctypes.c_double(0), ctypes.byref(says)
    )

    assert (none, runs, over) == ((OK, NO_LEASE), (OK, RUNS), (OK, OVER))
    assert until > time.time() + 3600
    assert (other, says.verdict, says.why) == (OK, NOT_VALID, b"malformed")
    assert not ClientSession.objects.active().exists()


def test_what_was_typed_is_read_and_nothing_kept(library, pc):
    text = ctypes.create_string_buffer(15)

    assert library.cl_read_serial_number(b"10ab cd23 efe3", text, 15) == OK
    assert text.value == b"10AB-CD23-EFE3"
    assert library.cl_read_serial_number(b"10ab cd23 efe3", text, 14) == WRONG_ARGUMENT
    assert library.cl_read_serial_number(b"10ab cd23 efe4", text, 15) == WRONG_SERIAL
    assert library.cl_read_product_key(b"01234", text, 15) == WRONG_KEY
    assert not (pc.home / "config").exists()


def test_report_is_cut_where_its_place_ends(library, pc):
    size, text = ctypes.c_size_t(20), ctypes.create_string_buffer(20)

    assert library.cl_doctor(ctypes.byref(asks()), text, ctypes.byref(size)) == OK

    assert text.value == b"cloud-licence C++ 1"
    assert size.value > 200


def test_every_package_is_of_one_version(library):
    packaging = cpp.SOURCES / "packaging"
    nuspec = ElementTree.parse(packaging / "nuget" / "CloudLicence.nuspec")
    port = json.loads((packaging / "vcpkg" / "cloud-licence" / "vcpkg.json").read_text())
    recipe = (cpp.SOURCES / "conanfile.py").read_text()
    project = (cpp.SOURCES / "CMakeLists.txt").read_text()

    assert {
        library.cl_version().decode(),
        port["version"],
        nuspec.find(".//{*}version").text,
        re.search(r'    version = "(.+)"', recipe)[1],
        re.search(r"project\(cloud_licence VERSION (\S+)", project)[1],
    } == {"1.1.0"}


def test_nuget_package_has_both_architectures_and_names_files_that_are_there():
    folder = cpp.SOURCES / "packaging" / "nuget"
    files = ElementTree.parse(folder / "CloudLicence.nuspec").findall(".//{*}file")
    named = [Path(file.get("src")) for file in files]
    built = {name for name in named if name.parts[0] in ("win-x86", "win-x64")}

    assert {name.parts[0] for name in built} == {"win-x86", "win-x64"}
    assert {name.name for name in built} == {"cloud_licence.dll", "cloud_licence.lib"}
    for name in {*named} - built:
        assert list((folder / name.parent).glob(name.name)), name


@pytest.mark.slow
def test_library_compiles_for_windows_of_32_bits():
    """Whether a DLL can be linked shows where its OpenSSL is: with MSVC, from vcpkg or Conan."""
    compiler = shutil.which("i686-w64-mingw32-g++")
    if not compiler or not (TOOLS / "include").exists():
        pytest.skip("There is no MinGW of 32 bits (Debian: g++-mingw-w64-i686-posix).")
    options = [f"-I{cpp.HEADERS}", f"-I{TOOLS / 'include'}", "-DCLOUD_LICENCE_BUILDS"]

    source = str(cpp.SOURCES / "src" / "cloud_licence.cpp")
    cpp.run(compiler, *cpp.STRICT, *options, "-fsyntax-only", source)


def test_licence_of_every_part_is_listed_and_installed(installed):
    listed = (installed / "share/doc/cloud_licence/LICENCE.md").read_text()

    parts = (cpp.SOURCES / "cmake" / "parts.cmake").read_text()
    for part in re.findall(r"find_package\((\w+) [\d.]+", parts):
        assert part.lower().replace("curl", "libcurl").partition("_")[0] in listed.lower()
