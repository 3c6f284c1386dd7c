"""The C++ library as it is handed over: CMake's package, the C interface, what others package."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from licensing.models import ClientSession
from tests.client import cpp
from tests.windows import TOOLS


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


def test_report_of_the_guide_is_the_one_that_is_compiled(programs, pc):
    lines = (cpp.SOURCES / "examples" / "report.cpp").read_text().rstrip().splitlines()
    guide = (cpp.SOURCES.parents[1] / "docs" / "integrators-guide.md").read_text()

    told = subprocess.run([programs / "twenty_lines", "report"], capture_output=True, timeout=20)

    assert "\n".join(f"    {line}".rstrip() for line in lines) in guide
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(b"cloud-licence C++ 1")


@pytest.mark.slow
def test_is_built_to_be_quick_where_nothing_else_is_said(tmp_path):
    if not shutil.which("cmake"):
        pytest.skip("There is no CMake (Debian: cmake).")
    generator = ("-G", "Unix Makefiles")
    cpp.run("cmake", "-S", str(cpp.SOURCES), "-B", str(tmp_path), *generator)

    assert "CMAKE_BUILD_TYPE:STRING=Release\n" in (tmp_path / "CMakeCache.txt").read_text()


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

    names = set(re.findall(r" T (\w+)@@CLOUD_LICENCE_1\.[012]", shown))
    assert names == set(re.findall(r"CL_API [\w ]+?[ *](cl_\w+)\(", declared))
    assert len(shown.splitlines()) == len(names) + 3  # and the versions themselves


@pytest.mark.parametrize(
    "compiler", ["gcc", "clang", "x86_64-w64-mingw32-gcc", "i686-w64-mingw32-gcc"]
)
def test_what_programs_rely_on_that_are_out_there_stays(compiler):
    if not shutil.which(compiler):
        pytest.skip(f"There is no {compiler}.")

    cpp.run(compiler, "-std=c11", *cpp.WARNINGS, "-fsyntax-only", str(cpp.SOURCES / "c/abi_1.c"))


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
    } == {"1.2.0"}


def test_nuget_package_has_both_architectures_and_names_files_that_are_there():
    nuspec = cpp.SOURCES / "packaging" / "nuget" / "CloudLicence.nuspec"
    files = ElementTree.parse(nuspec).findall(".//{*}file")
    named = [Path(file.get("src")) for file in files]
    built = {name for name in named if name.suffix in (".dll", ".lib")}

    assert {name.parts[2] for name in built} == {"win-x86", "win-x64"}
    assert {name.name for name in built} == {"cloud_licence.dll", "cloud_licence.lib"}
    for name in {*named} - built:
        assert ".." not in name.parts, name  # NuGet may pass it over without a word
        assert list((cpp.SOURCES / name.parent).glob(name.name)), name


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
