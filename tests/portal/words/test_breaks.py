"""Where lines may end within what has no spaces."""

from __future__ import annotations

import pytest

from portal.templatetags.ui import breakable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("BROOK\\j.smith", "BROOK\\<wbr>j.smith"),
        ("https://in.example/a/b", "https://<wbr>in.example/<wbr>a/<wbr>b"),
        ("https://in.example/?a=<b>", "https://<wbr>in.example/<wbr>?a=&lt;b&gt;"),
        ("Tom <tom@in.example>", "Tom &lt;tom@<wbr>in.example&gt;"),
        ("licence.seats_changed", "licence.seats_<wbr>changed"),
        ("PC-01", "PC-01"),
    ],
)
def test_a_line_may_end_after_what_joins_the_parts_of_a_path_or_an_address(text, shown):
    assert breakable(text) == shown
