"""Values: made of their fields, unchanging, and silent about secrets; and a quick start."""

from __future__ import annotations

import pytest

from cloud_licence.answers import Granted, NoAnswer, Refused, Session
from cloud_licence.records import Record
from cloud_licence.states import Situation
from cloud_licence.values import replace

COSTLY = {"dataclasses", "inspect", "shutil"}
"""What takes the time of a start, and is not needed for it."""


@pytest.mark.parametrize("values", [(), ("a", 1.0, "b", "c")], ids=["too few", "too many"])
def test_is_made_of_its_fields(values):
    with pytest.raises(TypeError, match="NoAnswer is made of why, retry_after, reference"):
        NoAnswer(*values)


def test_is_not_made_of_what_it_does_not_have():
    with pytest.raises(TypeError):
        replace(Situation(), no_field=1)


def test_takes_no_values_in_order_where_it_wants_names():
    with pytest.raises(TypeError):
        Refused("pool_exhausted")


def test_does_not_change():
    with pytest.raises(AttributeError):
        Session("an id").token = "another"


def test_is_the_same_by_what_it_holds():
    assert Session("an id", "a token") == Session(id="an id", token="a token")
    assert Session("an id") != Session("another")
    assert Session("an id") != "an id"


def test_shares_no_default_that_can_change():
    assert Situation().facts is not Situation().facts


def test_shows_no_secret():
    session = Session("an id", "a-secret")
    granted = Granted(session=session, refresh_after=1, grace_until=2, lease="a-secret")
    record = Record(machine_name="CAD-017", username="ACME", lease="a-secret")

    assert repr(session) == "Session(id='an id')"
    assert "a-secret" not in repr((session, granted, record))


def test_opening_loads_nothing_costly(pc, key, monkeypatch):
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")  # Python names on stderr what it loads

    opened = pc.run("open")

    assert opened.returncode == 0, opened.stderr
    loaded = {line.rpartition("|")[2].strip() for line in opened.stderr.splitlines()}
    assert "http.client" in loaded
    assert loaded & COSTLY == set()
