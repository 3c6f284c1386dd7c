"""Commands are run as an operator runs them, with ``--json``."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

Run = Callable[..., dict]


@pytest.fixture
def run(db) -> Run:
    """Run a command; return the one JSON object that it prints."""

    def run(*arguments: str) -> dict:
        stdout = io.StringIO()
        call_command(*arguments, "--json", stdout=stdout)
        return json.loads(stdout.getvalue())

    return run


@pytest.fixture
def refusal(db) -> Callable[..., str]:
    """Run a command that must fail; return what it says."""

    def refusal(*arguments: str) -> str:
        stdout = io.StringIO()
        with pytest.raises(CommandError) as error:
            call_command(*arguments, "--json", stdout=stdout)
        assert stdout.getvalue() == ""
        return str(error.value)

    return refusal
