"""What tests share is in plain modules: a test module or a conftest.py is nobody's to import."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

TESTS = Path(settings.BASE_DIR) / "tests"


def imported_by(path):
    """The full names of what a module imports from the tests."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "tests":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_of_pytest(name):
    """Whether pytest collects a module of this name, or there are fixtures in it."""
    return any(part.startswith("test_") or part == "conftest" for part in name.split("."))


@pytest.mark.slow
def test_no_module_imports_from_a_test_module_or_a_conftest():
    found = {
        (path.relative_to(TESTS).as_posix(), name)
        for path in TESTS.rglob("*.py")
        for name in imported_by(path)
        if is_of_pytest(name)
    }

    assert found == set()
