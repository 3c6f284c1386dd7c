"""What is true of every operator command."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from licensing.management.operator import OperatorCommand, operator
from tests.factories import make_session

COMMANDS = [
    "issue_licence", "reissue_key", "revoke_key", "set_seats", "set_state", "list_sessions",
    "release_session", "reclaim_stale", "verify_audit", "invite", "roll_up", "usage",
    "export_usage", "set_feature", "remove_feature",
]  # fmt: skip


def test_without_json_it_speaks_to_people(pool, capsys):
    session = make_session(pool)

    call_command("release_session", str(session.pk), "--reason=On holiday")

    assert capsys.readouterr().out == f"Released the licence held by {session}.\n"


class MailingCommand(OperatorCommand):
    """Prints on the way, as a mail on a console backend does."""

    def operate(self, **options):
        print("Subject: Somebody invites you")
        return {"done": True}, "Done."


def test_standard_output_has_the_answer_and_nothing_else(capsys):
    call_command(MailingCommand(), "--json")

    assert capsys.readouterr() == ('{"done": true}\n', "Subject: Somebody invites you\n")


def test_nobody_waits_for_checks_of_the_code():
    parser = MailingCommand().create_parser("manage.py", "mailing")

    assert parser.parse_args([]).skip_checks


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_there(command, capsys):
    with pytest.raises(SystemExit) as end:
        call_command(command, "--help")

    assert end.value.code == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.slow
def test_an_error_is_a_sentence_on_standard_error():
    """A true process: no traceback, nothing on standard output, and an exit code."""
    command = [sys.executable, "manage.py", "list_sessions", "1234", "--json"]

    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("CommandError: '1234' is not a serial number.")


def test_an_operator_without_a_name_is_a_number(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 5)

    assert operator().name == f"uid {2**31 - 5}"
