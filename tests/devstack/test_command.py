import pytest

from devstack import command
from devstack.errors import StackError


def test_arguments_are_read_as_a_shell_reads_them():
    line = """issue_licence --account "Brook & Co" --name 'the "big" one' --reason costs\\ $5"""

    assert command.split(line) == [
        "issue_licence",
        "--account",
        "Brook & Co",
        "--name",
        'the "big" one',
        "--reason",
        "costs $5",
    ]


def test_a_quotation_without_an_end_is_explained():
    with pytest.raises(StackError, match="No closing quotation"):
        command.split('issue_licence --account "Brook')
