"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = (
    "bench",
    "client/cloud_licence",
    "config",
    "devstack",
    "licensing",
    "portal",
    "prove",
    "support",
)
MOST_LINES = 300


def modules(package: str) -> list[Path]:
    """The package's files, but those that makemigrations writes."""
    return [path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has, without what its docstring says."""
    first = function.body[0]
    told = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) else 0
    return function.end_lineno - function.lineno + 1 - told


def test_no_file_has_more_lines_than_are_read_at_once():
    lines = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
        for package in (*PACKAGES, "tests")
        for path in modules(package)
    }

    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES)
def test_most_functions_are_short(package):
    sizes = [
        lines_of(node)
        for path in modules(package)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert median(sizes) <= 8
    assert quantiles(sizes, n=10)[-1] <= 18
