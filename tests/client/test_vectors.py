"""The conformance kit: what any client must make of leases, clocks, answers and stores."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import functools
import itertools
import json
import subprocess
import sys

import pytest

from cloud_licence import answers, clocks, closes, leases, records, states
from cloud_licence.answers import Asked, Granted, NoAnswer, Refused, Response, Session
from cloud_licence.messages import message
from tests.client import vectors

LEASES = vectors.read("leases")
STATES = vectors.read("states")
STORES = vectors.read("stores")
SESSION = Session(**STATES["session"])


def verdict(case):
    """What the client says of a lease."""
    who = {name: case.get(name, LEASES[name]) for name in ("machine_name", "username")}
    try:
        lease = leases.verified(
            case["lease"], LEASES["keys"], product=case.get("product", ""), **who
        )
    except leases.LeaseNotValid as reason:
        return str(reason)
    if leases.runs_at(lease, case["now"]):
        return "runs"
    return "over" if case["now"] >= lease.until else "not_yet"


@vectors.each("leases")
def test_lease(case):
    assert verdict(case) == case["expect"]


def test_leases_are_signed_as_the_kit_says(tmp_path):
    copied = tmp_path / "leases.json"
    copied.write_bytes((vectors.FOLDER / "leases.json").read_bytes())
    script = tmp_path / "sign.py"
    script.write_bytes((vectors.FOLDER / "sign.py").read_bytes())

    subprocess.run([sys.executable, script], check=True)

    assert copied.read_bytes() == (vectors.FOLDER / "leases.json").read_bytes()


@vectors.each("clocks")
def test_clock(case):
    seen = case.get("seen")
    now = clocks.now(
        case["clock"], case["ahead"], case.get("monotonic", 0), seen and clocks.Seen(**seen)
    )

    assert now == case["now"]
    assert clocks.was_turned_back(now, case["latest"]) == case["is_turned_back"]


def told(answer):
    """An answer as the kit writes it."""
    match answer:
        case Granted():
            return {
                "kind": "granted",
                "session": answer.session.id,
                "refresh_after": answer.refresh_after,
                "grace_until": answer.grace_until,
                "server_time": answer.server_time,
            }
        case Refused():
            return {
                "kind": "refused",
                "code": answer.code,
                "is_retryable": answer.is_retryable,
                "retry_after": answer.retry_after,
                "reference": answer.reference,
                "server_time": answer.server_time,
            }
        case NoAnswer():
            return {"kind": "no_answer", "code": answer.why, "retry_after": answer.retry_after}
    return {"kind": "done"}


@vectors.each("answers")
def test_answer(case):
    parts = {name: case[name] for name in ("status", "content_type", "retry_after", "x_request_id")}
    asked = Asked(
        request_id=case["request_id"],
        is_for_seat=case["asks_for"] == "seat",
        session_id=case["session"],
    )

    assert (
        told(answers.understood(Response(**parts, body=case["body"].encode()), asked))
        == (case["expect"])
    )


def low(least, most):
    """Every random draw takes the low end."""
    return least


def heard(answer, at):
    """An answer that the kit writes."""
    match answer["kind"]:
        case "granted":
            return Granted(
                session=SESSION,
                refresh_after=answer["refresh_after"],
                grace_until=at + answer["grace_for"],
            )
        case "refused":
            return Refused(**{name: answer[name] for name in answer if name != "kind"})
    return NoAnswer(answer["code"], answer["retry_after"])


def after(step, situation):
    """The situation after a step."""
    match step["do"]:
        case "start":
            return states.start(
                step["at"],
                grace_until=step.get("grace_until", 0),
                session=SESSION if step.get("has_session") else None,
                clock_is_trusted=step.get("clock_is_trusted", True),
            )
        case "hear":
            answer = heard(step["answer"], step["at"])
            return states.hear(situation, answer, step["at"], low)
    return states.pass_time(situation, step["at"])


def shown(situation, case):
    """A situation as the kit writes it."""
    language, contact = case.get("language", "en"), case.get("contact", "Ask Priya Shah.")
    return {
        "state": situation.state,
        "is_open": situation.is_open,
        "has_session": situation.session is not None,
        "grace_until": situation.grace_until,
        "talk_at": situation.talk_at,
        "code": situation.code,
        "message": str(message(situation, contact=contact, zone=dt.UTC, language=language)),
    }


@vectors.each("states")
def test_states(case):
    situation = None
    for step in case["steps"]:
        situation = after(step, situation)

        assert shown(situation, case) == step["expect"]


def test_every_state_is_tried():
    tried = {step["expect"]["state"] for case in STATES["cases"] for step in case["steps"]}

    assert tried == set(states.State)


@vectors.each("stores")
def test_store(case):
    verdicts = {records.Torn: "torn", records.Foreign: "foreign", records.TooNew: "too_new"}
    who = {name: STORES[name] for name in ("machine_name", "username")}

    try:
        records.read(case["text"], **who)
        found = "usable"
    except tuple(verdicts) as problem:
        found = verdicts[type(problem)]

    assert found == case["expect"]


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
            message(states.hear(situation, NoAnswer("unreachable"), 1.0, low))
            records.written(closes.leave(record, 1.0))
            used += 1

    assert used > 0


@pytest.mark.parametrize("tries", [0, 5, 10_000])
def test_waits_a_quarter_of_an_hour_at_most(tries):
    situation = states.Situation(tries=tries)

    assert states.later(situation, 0.0, 0.0, lambda least, most: most) <= 900 * 1.5
