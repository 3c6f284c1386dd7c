"""What a client makes of a case of the kit, and what it must make of it, in the same words."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import tempfile
from pathlib import Path

from tests.client import plays, vectors
from tests.client.clients import FOLDER, Client, Mistake

BADLY_WRITTEN = (ImportError, NameError, SyntaxError)
PLAYS = ("requests", "starts", "closes", "keys", "devices")
CONTACT = "Ask Priya Shah."
kit = functools.cache(vectors.read)


def failures(client: Client, file: str) -> dict[str, object]:
    """The cases of a file about which a client is wrong, and what it makes of them."""
    made = {case["name"]: found_or_broken(client, file, case) for case in kit(file)["cases"]}
    right = {case["name"]: expected(file, case) for case in kit(file)["cases"]}
    return {name: found for name, found in made.items() if found != right[name]}


def is_refused(mistake: Mistake) -> bool:
    """Whether the case that is thought to show a mistake shows it."""
    case = case_of(mistake.file, mistake.case)
    made = found_or_broken(Client(mistake), mistake.file, case)
    return made != expected(mistake.file, case)


def case_of(file: str, name: str):
    """The case of a name; raise LookupError if there is none."""
    for case in kit(file)["cases"]:
        if case["name"] == name:
            return case
    raise LookupError(f"{file}.json has no case {name!r}.")


def found_or_broken(client: Client, file: str, case):
    """What a client makes of a case; the error's name where it breaks down over it.

    An error that only a badly written mistake makes is raised.
    """
    try:
        return found(client, file, case)
    except BADLY_WRITTEN:
        raise
    except Exception as problem:  # whatever a mistake leads to
        return type(problem).__name__


def found(client: Client, file: str, case):
    """What a client makes of a case."""
    with client.at_work():
        if file not in PLAYS:
            return FOUND[file](client, case)
        with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
            return plays.played(client, kit("play"), case, kit("leases"), Path(folder))


def in_memory() -> str | None:
    """A folder in memory, where there is one: a play writes a dozen times."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def expected(file: str, case):
    """What a client must make of a case."""
    if file in PLAYS:
        return [
            {
                "sent": [exchange["sent"] for exchange in step.get("exchanges", [])],
                "expect": step.get("expect", {}),
            }
            for step in case["steps"]
        ]
    return EXPECTED.get(file, lambda case: case["expect"])(case)


def lease(client, case):
    """What a client says of a lease."""
    all_leases = kit("leases")
    who = {name: case.get(name, all_leases[name]) for name in ("machine_name", "username")}
    try:
        read = client.leases.verified(
            case["lease"], all_leases["keys"], product=case.get("product", ""), **who
        )
    except client.leases.LeaseNotValid as reason:
        return str(reason)
    if client.leases.runs_at(read, case["now"]):
        return "runs"
    return "over" if case["now"] >= read.until else "not_yet"


def clock(client, case):
    """What time it is, and whether the clock was turned back."""
    clocks, seen = client.clocks, case.get("seen")
    before = clocks.Seen(**seen) if seen else None
    now = clocks.now(case["clock"], case["ahead"], case.get("monotonic", 0), before)
    return now, clocks.was_turned_back(now, case["latest"])


def answer(client, case):
    """What a client says of an answer."""
    given = {name: case[name] for name in ("status", "content_type", "retry_after", "x_request_id")}
    asked = client.answers.Asked(
        request_id=case["request_id"],
        is_for_seat=case["asks_for"] == "seat",
        session_id=case["session"],
    )
    response = client.answers.Response(**given, body=case["body"].encode())
    return told(client.answers.understood(response, asked))


def told(heard):
    """An answer as the kit writes it."""
    match type(heard).__name__:
        case "Granted":
            names = ("refresh_after", "grace_until", "server_time")
            return {"kind": "granted", "session": heard.session.id} | values(heard, names)
        case "Refused":
            names = ("code", "is_retryable", "retry_after", "reference", "server_time")
            return {"kind": "refused"} | values(heard, names)
        case "NoAnswer":
            return {"kind": "no_answer", "code": heard.why, "retry_after": heard.retry_after}
    return {"kind": "done"}


def values(of, names):
    """Some of the values of something, by their names."""
    return {name: getattr(of, name) for name in names}


def states(client, case):
    """How things stand after each step, as far as the case says it."""
    told, situation = [], None
    for step in case["steps"]:
        situation = after(client, step, situation)
        holds = shown(client, situation, case)
        told.append({name: holds[name] for name in step["expect"]})
    return told


def after(client, step, situation):
    """The situation after a step."""
    at, session = step["at"], client.answers.Session(**kit("states")["session"])
    if step["do"] == "start":
        return client.states.start(
            at,
            grace_until=step.get("grace_until", 0),
            session=session if step.get("has_session") else None,
            clock_is_trusted=step.get("clock_is_trusted", True),
        )
    if step["do"] == "pass":
        return client.states.pass_time(situation, at)
    draw = max if step.get("draw") == "highest" else min
    return client.states.hear(situation, heard(client, step["answer"], at, session), at, draw)


def heard(client, answer, at, session):
    """An answer that the kit writes."""
    given = {name: value for name, value in answer.items() if name != "kind"}
    if answer["kind"] == "granted":
        grace_until = at + given.pop("grace_for")
        return client.answers.Granted(session=session, grace_until=grace_until, **given)
    if answer["kind"] == "refused":
        return client.answers.Refused(**given)
    return client.answers.NoAnswer(given["code"], given["retry_after"])


def shown(client, situation, case):
    """A situation as the kit writes it."""
    words = {"contact": case.get("contact", CONTACT), "language": case.get("language", "en")}
    return {
        "state": str(situation.state),
        "is_open": situation.is_open,
        "has_session": situation.session is not None,
        "grace_until": situation.grace_until,
        "talk_at": situation.talk_at,
        "code": situation.code,
        "message": str(client.messages.message(situation, zone=dt.UTC, **words)),
    }


def store(client, case):
    """What a client says of what it finds in its store."""
    who = {name: kit("stores")[name] for name in ("machine_name", "username")}
    records = client.records
    verdicts = {records.Torn: "torn", records.Foreign: "foreign", records.TooNew: "too_new"}
    try:
        records.read(case["text"], **who)
    except tuple(verdicts) as problem:
        return verdicts[type(problem)]
    return "usable"


def policies(client, case):
    """Which values are in force, and from where."""
    policy = client.policy
    read = policy.effective(case["levels"])
    in_force = {name: getattr(read, policy.attribute(name)) for name in policy.VALUES}
    return in_force, dict(read.sources)


def policies_expected(case):
    """The values that are named, and the defaults of the others."""
    table = json.loads((FOLDER / "policy_values.json").read_text(encoding="utf-8"))
    defaults = {row["name"]: row["default"] for row in table["values"]}
    return defaults | case["effective"], case["sources"]


def files(client, case):
    """What a file of the policy says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "licensing.policy"
        path.write_bytes(case["text"].encode())
        return client.policy.levels_in_files({"machine policy": [path]})["machine policy"]


def typed(client, case):
    """What is kept of what was typed."""
    return getattr(client.keys, case["kind"])(case["typed"])


FOUND = {
    "leases": lease,
    "clocks": clock,
    "answers": answer,
    "states": states,
    "waits": states,
    "stores": store,
    "policies": policies,
    "files": files,
    "typed": typed,
}
EXPECTED = {
    "clocks": lambda case: (case["now"], case["is_turned_back"]),
    "states": lambda case: [step["expect"] for step in case["steps"]],
    "waits": lambda case: [step["expect"] for step in case["steps"]],
    "policies": policies_expected,
    "files": lambda case: case["values"],
}
FILES = (*FOUND, *PLAYS)
