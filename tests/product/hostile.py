"""What nobody types by accident: texts, numbers, dates and addresses that programs stumble over."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from hypothesis import strategies as st

NUMBERS = [
    "0", "-0", "-1", "1.0", "1e999", "NaN", "0x10", "1_000", " 7 ", "+7", "²", "٣", "７",
    str(2**31), str(2**63 - 1), str(2**63), str(-(2**63) - 1), "9" * 400, "9" * 5000,
]  # fmt: skip
DATES = [
    "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-02-29", "٢٠٢٦-01-01",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-24T14:05:00Z",
    "2026-11-24T14:05", "2026-11-24T14:05:60Z", "0001-01-01 00:00",
]  # fmt: skip
IDS = [
    "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-00000000000g",
    "{00000000-0000-0000-0000-000000000000}", "urn:uuid:00000000000000000000000000000000",
    "None", "null", "true", "1,2", "all", "chosen",
]  # fmt: skip
SEARCHES = [
    "%", "_", "\\", "'", '"', '"' * 200, "(((", "a{99999}", "[a", "*" * 50, "a:b " * 300,
    "last>999999999d", "last>²h", "started<0s", "version<" + "9" * 100, "version:" + "9" * 5000,
    "version:1.²", "user:*** machine:\\", 'user:"\0"', "serial:%", "x" * 3000, "word " * 4000,
]  # fmt: skip
SORTS = ["-", "--user", "-ended", "user", "pk", "?", "-²", "password", "__class__"]
WAYS = [
    "//evil.example/", "http://[", "http://[::1", "https://evil.example/\nx", "/\\evil.example",
    "javascript:alert(1)", "\r\nX-Evil: 1", "../../etc/passwd", "/" * 300,
]  # fmt: skip
TEXTS = ["", " ", "\0", "a\0b", "\u2028", "\u202e", "\ufeff", "\x1b[31m", "😀" * 300, "é" * 300]
BYTES = ["%ED%A0%80", "%FF", "%C0%80", "%", "%2", "%u0041", "+"]
"""What no text stands for, as it is written in an address."""

values = st.one_of(
    st.sampled_from([*NUMBERS, *DATES, *IDS, *SEARCHES, *SORTS, *WAYS, *TEXTS]),
    st.integers().map(str),
    st.text(max_size=30),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=4).map(
        lambda place: base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    ),  # a forged cursor
)
written = st.one_of(
    values.map(lambda text: quote(text, safe="", errors="surrogatepass")), st.sampled_from(BYTES)
)
"""A value as an address or a form's body holds it."""
segments = st.one_of(
    values.map(lambda text: quote(text, safe="", errors="surrogatepass")[:2000]),
    st.sampled_from([*BYTES, "a/b/c/d/" * 50, "//", "..", "%2F"]),
)
"""What may stand in an address in the place of an id."""
