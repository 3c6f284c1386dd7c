"""Serial numbers and product keys as mails, documents and chat programs hand them over."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing import keys

KEY = keys.grouped(
    "7Q2X4M8K9D3TABCDEFGHJKMNPQ10" + keys.check_characters("7Q2X4M8K9D3TABCDEFGHJKMNPQ10"),
    keys.KEY_GROUP,
)
UNMEANT = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) in (
    "Cc", "Cf", "Mn", "Pd", "Pf", "Pi", "Zl", "Zp", "Zs",
)]  # fmt: skip
PASTED = {
    "en dashes of Word": KEY.replace("-", "\u2013"),
    "em dashes": KEY.replace("-", "\u2014"),
    "hyphens that do not break": KEY.replace("-", "\u2011"),
    "Word's own hyphen that does not break": KEY.replace("-", "\x1e"),
    "minus signs": KEY.replace("-", "\u2212"),
    "full-width dashes": KEY.replace("-", "\uff0d"),
    "prolonged sound marks": KEY.replace("-", "\u30fc"),
    "soft hyphens": KEY.replace("Q", "Q\u00ad"),
    "zero-width spaces": "\u200b".join(KEY),
    "word joiners": KEY.replace("-", "-\u2060"),
    "a byte-order mark": f"\ufeff{KEY}",
    "marks of direction": f"\u200e\u202a{KEY}\u202c\u200f",
    "isolated": f"\u2068{KEY}\u2069",
    "no-break spaces": KEY.replace("-", "\u00a0"),
    "a narrow space": KEY.replace("-", "\u202f"),
    "ideographic spaces": KEY.replace("-", "\u3000"),
    "tabs and line ends": KEY.replace("-", "\t\r\n"),
    "straight quotes": f'"{KEY}"',
    "curly quotes": f"\u201c{KEY}\u201d",
    "German quotes": f"\u201e{KEY}\u201c",
    "French quotes": f"\u00ab\u00a0{KEY}\u00a0\u00bb",
    "an acute accent for a quote": f"\u00b4{KEY}\u00b4",
    "code of a chat": f"`{KEY}`",
    "bold of a chat": f"*{KEY}*",
    "in brackets": f"<{KEY}>",
    "a full stop": f"{KEY}.",
    "a full-width full stop": f"{KEY}\u3002",
    "a comma": f"{KEY}, ",
    "a bullet": f"\u2022 {KEY}",
    "an ellipsis": f"{KEY}\u2026",
    "full-width": "".join(chr(ord(c) + 0xFEE0) for c in KEY),
    "bold letters of mathematics": KEY.replace("Q", "\U0001d410"),
    "O for 0, I and l for 1": KEY.replace("0", "O").replace("1", "l"),
    "lower case": KEY.lower(),
}


@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED.keys())
def test_is_the_same_key_however_it_was_pasted(pasted):
    assert keys.normalise_key(pasted) == KEY


@given(st.lists(st.tuples(st.integers(0, len(KEY)), st.sampled_from(UNMEANT)), max_size=20))
def test_whatever_is_no_letter_or_digit_may_stand_in_it(put_in):
    text = KEY
    for place, mark in put_in:
        text = text[:place] + mark + text[place:]

    assert keys.normalise_key(text) == KEY


@pytest.mark.parametrize(
    "other", [f"{KEY}X", KEY[:-1], KEY.replace("Q", "\u00c9"), KEY.replace("-", "."), "\u200b", ""]
)
def test_what_is_meant_otherwise_is_no_key(other):
    assert keys.normalise_key(other) is None


SEEN = [name for name in PASTED if name not in ("bold letters of mathematics",)]


@pytest.mark.parametrize("name", SEEN)
def test_a_pasted_key_is_seen_in_a_text(name):
    assert keys.holds_product_key(f"my key: {PASTED[name]} please")
