"""Names as people and programs make them: those that are taken, and those that are not."""

from __future__ import annotations

from hypothesis import strategies as st

from licensing.names import fault_in

AWKWARD = [
    'Büro "West" \\\\ server\\; 100 % $(Get-Date) `x` ’quoted’ & 日本 <planners>',
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "'; DROP TABLE licences; --",
    "</script><script>alert(1)</script>",
    "]]></string><x>",
    "{{ 7 * 7 }} {% now %} %s %(name)s {0}",
    "=?utf-8?q?Evil?= <evil@example.com>",
    "a@b.example, c@d.example; e@f.example",
    "#> Remove-Item C:\\ -Recurse <#",
    "%PATH% %TEMP% ^& | > NUL",
    "../../etc/passwd",
    "CON",
    "name.",
    "*",
    "\u05d0\u05d1\u05d2 (12) \u200fabc",
    "👩‍💻 e\u0301 ﷺ",
    "می\u200cخواهم ❤\ufe0f",
    "𝒳" * 50,
    "x" * 100,
]
REFUSED = [
    "London\nBcc: evil@example.com", "London\r\nX: y", "a\x85b", "a\u2028b", "a\u2029b", "a\vb",
    "a\0b", "a\tb", "a\x1b[31mb", "a\x7fb", "a\u202eb", "a\u2066b", "a\ufffeb", "a\uffffb",
]  # fmt: skip
"""What is refused wherever a name is typed."""
UNSEEN = [
    "Leeds\u200b", "Le\u00adeds", "Zürich\u200d", "Leeds\u200f", "\ufeffLeeds", "Leeds\u2060",
    "Leeds\ufe0f",
]  # fmt: skip
"""What is refused there too, for it looks like another name."""
accepted = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(min_size=1, max_size=50)
    .map(str.strip)
    .filter(lambda name: name and not fault_in(name)),
)
"""Any name that passes."""
