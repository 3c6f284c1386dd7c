"""What docs/client-protocol.md says in tables is what the vectors and the clients say."""

from __future__ import annotations

import os
import re
from pathlib import Path

from cloud_licence import keys, states, words
from licensing import keys as keys_of_the_service
from tests.client import vectors

PAGE = Path(__file__).parents[2] / "docs" / "client-protocol.md"
BEGIN, END = "<!-- states: begin -->\n", "<!-- states: end -->\n"
EVENTS = [
    "a grant", "session gone", "key gone", "another refusal", "no answer, lease",
    "no answer, no lease", "grace ends",
]  # fmt: skip
NOTHING = "·"


def event(step, before):
    """What happens in a step, in the words of the table; none if nothing does."""
    if step["do"] == "pass":
        is_over = before["state"] == "unreachable" and step["at"] >= before["grace_until"]
        return "grace ends" if is_over else None
    if step["do"] == "start":
        return None
    return heard(step["answer"], before, step["at"])


def heard(answer, before, at):
    """What is heard, in the words of the table."""
    if answer["kind"] == "granted":
        return "a grant"
    if answer["kind"] == "no_answer":
        has_lease = at < before["grace_until"] and before["clock_is_trusted"]
        return "no answer, lease" if has_lease else "no answer, no lease"
    has_session = before["is_open"] and before["has_session"]
    if answer["code"] in states.SESSION_IS_GONE and has_session:
        return "session gone"
    return "key gone" if answer["code"] in states.KEY_IS_GONE else "another refusal"


def written(situation):
    """A state in the words of the table: it says of two whether the program is open."""
    name = f"`{situation['state']}`"
    if situation["state"] in ("denied", "key_replaced"):
        name += ", open" if situation["is_open"] else ", shut"
    return name


def transitions():
    """From state and event to the states that the vectors say follow."""
    found = {}
    for case in vectors.read("states")["cases"]:
        before = {}
        for step in case["steps"]:
            after = before | step["expect"]
            if step["do"] == "start":
                after["clock_is_trusted"] = step.get("clock_is_trusted", True)
            elif name := event(step, before):
                found.setdefault((written(before), name), set()).add(written(after))
            before = after
    return found


def table():
    """The table, as the vectors have it."""
    found = transitions()
    lines = [["state", *EVENTS], ["---"] * (len(EVENTS) + 1)]
    for state in sorted({state for state, _ in found}, key=order):
        cells = [" or ".join(sorted(found.get((state, name), {NOTHING}))) for name in EVENTS]
        lines.append([state, *cells])
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def order(state):
    """Where a state stands in the table: as in the enumeration, what is shut first."""
    names = [f"`{name}`" for name in states.State]
    return names.index(state.partition(",")[0]), "open" in state


def test_table_of_states_is_that_of_the_vectors():
    """It is written anew by STATES_TABLE=write pytest tests/client/test_protocol_page.py"""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    stands, _, tail = rest.partition(END)

    if os.environ.get("STATES_TABLE") == "write":
        PAGE.write_text(f"{head}{BEGIN}{table()}{END}{tail}", encoding="utf-8")
        stands = table()
    assert stands == table()


def test_each_event_has_one_outcome():
    assert [row for row, outcomes in transitions().items() if len(outcomes) > 1] == []


def rows_of_codes():
    """The table of errors: from code to what becomes of an open program's lease."""
    text = PAGE.read_text(encoding="utf-8").partition("\n## Errors\n")[2].partition("\n## ")[0]
    return {row[0]: row[1] for row in re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", text, re.M)}


def test_every_code_of_the_client_api_is_explained(client):
    """All but the service's own mistakes: for clients that is a service in trouble."""
    paths = client.get("/api/v1/schema/").json()["paths"]
    examples = [
        example["value"]
        for path, operations in paths.items()
        if path.startswith("/api/v1/sessions")
        for operation in operations.values()
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
        for example in content["examples"].values()
    ]
    codes = {example["code"] for example in examples if "code" in example}

    assert codes - {"internal_error"} == set(rows_of_codes())


def test_table_of_errors_says_what_ends_a_lease():
    ends = {code for code, lease in rows_of_codes().items() if lease == "ends"}

    assert ends == states.ENDS_THE_LEASE


def test_every_file_of_the_kit_is_named_by_the_rules_that_it_tries():
    text = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"\[([a-z]+(?:, [a-z]+)*)\](?!\()", text)
    files = {path.stem for path in vectors.FOLDER.glob("*.json")} - {"play"}

    assert {name for names in named for name in names.split(", ")} == files


def test_example_of_check_characters_is_right():
    text = PAGE.read_text(encoding="utf-8")
    [(plain, remainder, high, low, check, serial)] = re.findall(
        r"`(\w{10})` is (\d+) by 1021, which is (\d+) x 32 \+ (\d+): `(\w\w)`,"
        r" so the serial number is\s+`([\w-]+)`",
        text,
    )

    assert int(remainder) == int(high) * 32 + int(low)
    assert f"`{keys.ALPHABET}`" in text
    assert keys.check_characters(plain) == keys_of_the_service.check_characters(plain) == check
    assert keys.serial_number(plain + check) == serial
    assert keys.ALPHABET.index(check[0]) * 32 + keys.ALPHABET.index(check[1]) == int(remainder)


def test_sentences_that_the_page_names_are_there():
    text = PAGE.read_text(encoding="utf-8").partition("Which of them come")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:state|refusal|then|key|cause|mend|released)\.[a-z_.]+)`", text)

    assert len(named) >= 8
    assert [name for name in named if not words.has(name)] == []
