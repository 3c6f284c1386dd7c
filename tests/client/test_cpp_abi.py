"""The C interface breaks no program that is out there, as libabigail compares the released one."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.client import cpp_abi

HEADER = (cpp_abi.C / "cloud_licence.h").read_text()
LAST = cpp_abi.RELEASED[-1]


@pytest.fixture(autouse=True)
def libabigail():
    """Skip where there is none, or no compiler."""
    for tool in ("abidiff", "gcc"):
        if not shutil.which(tool):
            pytest.skip(f"There is no {tool} (Debian: abigail-tools, gcc).")


@pytest.mark.parametrize("released", cpp_abi.RELEASED, ids=lambda path: path.stem)
def test_is_what_was_released(tmp_path, released):
    assert cpp_abi.differences(released, cpp_abi.library_of(HEADER, tmp_path)) == ""


@pytest.mark.parametrize("released", cpp_abi.RELEASED, ids=lambda path: path.stem)
def test_library_itself_has_every_call_in_the_version_it_was_released_in(installed, released):
    assert cpp_abi.differences(released, installed / "lib" / "libcloud_licence.so") == ""


def test_every_version_is_kept():
    script = (cpp_abi.C / "cloud_licence.map").read_text()
    versions = re.findall(r"^CLOUD_LICENCE_([\d.]+)", script, re.MULTILINE)

    assert [path.name for path in cpp_abi.RELEASED] == [f"abi_{each}.xml" for each in versions]


def test_may_have_more_calls(tmp_path):
    more = changed("#ifdef __cplusplus\n}", "CL_API int cl_more(void);\n#ifdef __cplusplus\n}")

    assert cpp_abi.differences(LAST, cpp_abi.library_of(more, tmp_path)) == ""


MISTAKES = [
    ("    int32_t is_asking;", "    int32_t more;\n    int32_t is_asking;"),
    ("    double grace_until;", "    float grace_until;"),
    ("    char code[64];", "    char code[80];"),
    ("*vendor, *product;", "*product, *vendor;"),
    ("CL_API int cl_move(cl_licence *licence);", ""),
    ("cl_wait(cl_licence *licence, double seconds,", "cl_wait(cl_licence *licence, int seconds,"),
    ("CL_API void cl_close(", "CL_API int cl_close("),
]


@pytest.mark.parametrize(("right", "wrong"), MISTAKES)
def test_may_not_be_another(tmp_path, right, wrong):
    library = cpp_abi.library_of(changed(right, wrong), tmp_path)

    assert cpp_abi.differences(LAST, library) != ""


def changed(right, other):
    """The header with one thing in another's place."""
    assert HEADER.count(right) == 1
    return HEADER.replace(right, other)
