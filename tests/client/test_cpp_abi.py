"""The C interface breaks no program that is out there, as libabigail compares the released one."""

from __future__ import annotations

import shutil

import pytest

from tests.client import cpp_abi

HEADER = (cpp_abi.C / "cloud_licence.h").read_text()


@pytest.fixture(autouse=True)
def libabigail():
    """Skip where there is none, or no compiler."""
    for tool in ("abidiff", "gcc"):
        if not shutil.which(tool):
            pytest.skip(f"There is no {tool} (Debian: abigail-tools, gcc).")


def test_is_what_was_released(tmp_path):
    assert cpp_abi.differences(HEADER, tmp_path) == ""


def test_may_have_more_calls(tmp_path):
    more = changed("#ifdef __cplusplus\n}", "CL_API int cl_more(void);\n#ifdef __cplusplus\n}")

    assert cpp_abi.differences(more, tmp_path) == ""


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
    assert cpp_abi.differences(changed(right, wrong), tmp_path) != ""


def changed(right, other):
    """The header with one thing in another's place."""
    assert HEADER.count(right) == 1
    return HEADER.replace(right, other)
