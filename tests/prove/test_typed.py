"""Numbers with which nothing could be proved."""

import sys

import pytest

from prove import __main__ as prove
from prove.drill import __main__ as drill


@pytest.mark.parametrize("module", [prove, drill])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--clients=0", "has to be a whole number, 1 or more"),
        ("--pools=many", "has to be a whole number, 1 or more"),
        ("--seconds=-5", "has to be a number of seconds above 0"),
        ("--seconds=inf", "has to be a number of seconds above 0"),
        ("--seconds=long", "has to be a number of seconds above 0"),
    ],
)
def test_they_are_refused_in_a_sentence(module, words, said, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["prove", words])

    with pytest.raises(SystemExit, match="2"):
        module.arguments()

    assert capsys.readouterr().err.rstrip().endswith(f"{words.split('=')[0]}: {said}")
