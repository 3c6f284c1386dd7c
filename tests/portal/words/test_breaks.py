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
        ("PC-01", "PC-01"),
    ],
)
def test_a_path_or_an_address_may_go_on_after_its_slashes(text, shown):
    assert breakable(text) == shown
