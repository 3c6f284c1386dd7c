"""What docs/integrators-guide.md calls is what the library has."""

from __future__ import annotations

import re
from pathlib import Path

from tests.client import cpp

GUIDE = Path(__file__).parents[2] / "docs" / "integrators-guide.md"
PAGES = ("status", "poll", "stop", "try_again", "go_without", "take", "doctor")


def declared() -> str:
    """All that the library declares."""
    headers = [*cpp.SOURCES.glob("include/*/*.hpp"), *cpp.SOURCES.glob("c/*.h")]
    return "\n".join(path.read_text(encoding="utf-8") for path in headers)


def test_every_call_of_the_guide_is_declared():
    text = GUIDE.read_text(encoding="utf-8").partition("## From another library")
    calls = {*re.findall(r"`(\w+)\(|licence->(\w+)\(", text[0])}
    calls = {name for pair in calls for name in pair if name} - {"find_package"}
    calls |= {*re.findall(r"\b(cl_\w+)", text[0] + text[2])}

    assert {*PAGES, "cl_open"} <= calls
    assert [name for name in calls if not re.search(rf"\b{name}\(", declared())] == []


def test_every_state_has_a_look():
    states = re.search(r"enum class State \{ (.+) \};", declared())[1].split(", ")
    text = GUIDE.read_text(encoding="utf-8")
    table = text.partition("## How each state should look")[2].partition("## What to test")[0]

    assert [state for state in states if f"| `{state}`" not in table] == []
