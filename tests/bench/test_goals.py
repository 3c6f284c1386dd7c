from __future__ import annotations

from bench import goals

FIGURES = {
    "hello, 16": 1000.0,
    "hello, 32": 1000.0,
    "refresh, 16": 550.0,
    "refresh, 32": 749.0,
    "refresh, 16, p99 ms": 15.1,
    "check-outs alone, 16": 250.0,
    "check-outs alone before, 16": 200.0,
    "idle worker, memory in MB": 150.0,
}


def test_what_was_measured_is_told_with_what_is_wanted_and_whether_it_was_reached():
    found = [(of.name, of.value, of.wanted, of.is_reached) for of in goals.found(FIGURES)]

    assert found == [
        ("refresh to hello world, 16", 0.55, 0.55, True),
        ("refresh to hello world, 32", 0.749, 0.75, False),
        ("check-outs alone to the same before, 16", 1.25, 1.25, True),
        ("refresh, p99 ms, 16", 15.1, 15.0, False),
        ("idle web worker, MB", 150.0, 150.0, True),
    ]


def test_what_was_missed_is_marked_in_the_table():
    *_, reached, _, _, missed, _ = goals.table(FIGURES)

    assert reached.split("refresh to hello world, 16")[1].split() == ["0.55", "at", "least", "0.55"]
    assert missed.split("ms, 16")[1].split() == ["15.10", "at", "most", "15.00", "MISSED"]
