"""The conformance kit: the reference client is right about every case of every file."""

from __future__ import annotations

import contextlib
import copy
import functools
import itertools
import json
import subprocess
import sys

import pytest

from cloud_licence import closes, records, states
from cloud_licence.answers import NoAnswer
from cloud_licence.messages import message
from tests.client import vectors, verdicts
from tests.client.clients import Client

STATES = vectors.read("states")
STORES = vectors.read("stores")
REFERENCE = Client()


@pytest.mark.slow
@pytest.mark.parametrize("file", verdicts.FILES)
def test_reference_client_is_right(file):
    assert verdicts.failures(REFERENCE, file) == {}


def test_every_file_is_tried():
    files = {path.stem for path in vectors.FOLDER.glob("*.json")}

    assert files == {*verdicts.FILES, "play"}


@pytest.mark.parametrize("file", verdicts.FILES)
def test_every_case_has_a_name_of_its_own(file):
    names = [case["name"] for case in vectors.read(file)["cases"]]

    assert len(set(names)) == len(names)


STEP = {
    "do",
    "process",
    "at",
    "clock",
    "store",
    "within",
    "who",
    "policy",
    "program",
    "features",
    "exchanges",
    "expect",
}
ANSWER = {"kind", "code", "status", "retryable", "retry_after", "facts", "headers"}
ANSWER |= {"lease", "keys", "content_type", "body", *vectors.read("play")["grant"]}


@pytest.mark.parametrize("file", verdicts.PLAYS)
def test_plays_say_nothing_that_nobody_reads(file):
    steps = [step for case in vectors.read(file)["cases"] for step in case["steps"]]
    answers = [told["answer"] for step in steps for told in step.get("exchanges", [])]

    assert {name for step in steps for name in step} <= STEP
    assert {name for answer in answers for name in answer} <= ANSWER


def test_leases_are_signed_as_the_kit_says(tmp_path):
    copied = tmp_path / "leases.json"
    copied.write_bytes((vectors.FOLDER / "leases.json").read_bytes())
    script = tmp_path / "sign.py"
    script.write_bytes((vectors.FOLDER / "sign.py").read_bytes())

    subprocess.run([sys.executable, script], check=True)

    assert copied.read_bytes() == (vectors.FOLDER / "leases.json").read_bytes()


def test_every_state_is_tried():
    tried = {step["expect"]["state"] for case in STATES["cases"] for step in case["steps"]}

    assert tried == set(states.State)


def test_record_survives_being_written():
    who = {name: STORES[name] for name in ("machine_name", "username")}
    usable = [case["text"] for case in STORES["cases"] if case["expect"] == "usable"]
    kept = [records.read(text, **who) for text in usable]

    assert [records.read(records.written(record), **who) for record in kept] == kept
    assert {json.loads(text)["format"] for text in usable} == set(range(1, records.FORMAT + 1))


JUNK = [None, True, -1, 1e300, float("nan"), "text", [], [1], {}, {"id": 5}]


def places(value, path=()):
    """The way to each value in a document."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        yield (*path, name)
        if isinstance(member, dict | list):
            yield from places(member, (*path, name))


def with_junk(document, path, junk):
    """A document with one value replaced."""
    changed = copy.deepcopy(document)
    parent = functools.reduce(lambda value, name: value[name], path[:-1], changed)
    parent[path[-1]] = junk
    return json.dumps(changed)


def test_no_value_in_a_store_makes_the_client_crash():
    usable = next(case for case in STORES["cases"] if case["expect"] == "usable")
    who = {name: STORES[name] for name in ("machine_name", "username")}
    document, used = json.loads(usable["text"]), 0

    for path, junk in itertools.product(places(document), JUNK):
        with contextlib.suppress(records.Torn, records.Foreign, records.TooNew):
            record = records.read(with_junk(document, path, junk), **who)
            situation = states.pass_time(record.situation, 1.0)
            states.is_due(situation, 1.0)
            message(states.hear(situation, NoAnswer("unreachable"), 1.0, min))
            records.written(closes.leave(record, 1.0))
            used += 1

    assert used > 0


@pytest.mark.parametrize("tries", [0, 5, 10_000])
def test_waits_a_quarter_of_an_hour_at_most(tries):
    situation = states.Situation(tries=tries)

    assert states.later(situation, 0.0, 0.0, lambda least, most: most) <= 900 * 1.5
