"""Every change that the code records is told in a sentence of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from licensing.models.devices import Unbinding
from portal.sentences import SENTENCES


def recorded_actions() -> Iterator[str]:
    """The second argument of each ``audit.record`` in the product."""
    for package in ("licensing", "portal", "support"):
        for file in Path(settings.BASE_DIR, package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    yield from actions_of(node.args[1])


def actions_of(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant):
        yield argument.value
    elif isinstance(argument, ast.JoinedStr):  # f"device_{how}"
        yield from (f"device_{how}" for how in Unbinding)


def test_no_action_is_left_untold():
    actions = set(recorded_actions())

    assert len(actions) > 10
    assert actions - set(SENTENCES) == set()
