"""A reader of ``.reg`` files."""

from __future__ import annotations

import re

KEY = r"HKEY_LOCAL_MACHINE\Software\Policies\Elecosoft\Powerproject\Licensing"
LINE = re.compile(r'"((?:[^"\\]|\\.)*)"=(?:"((?:[^"\\]|\\.)*)"|dword:([0-9a-f]{8}))')


def read(content: bytes) -> dict[str, dict[str, str | int]]:
    """What a file in Microsoft's format sets, by key; a key that it deletes is None."""
    assert content[:2] == b"\xff\xfe"
    lines = content[2:].decode("utf-16-le").split("\r\n")
    assert lines[:2] == ["Windows Registry Editor Version 5.00", ""]
    keys: dict = {}
    for line in filter(None, lines[2:]):
        if line.startswith("[-"):
            keys[line[2:-1]] = None
        elif line.startswith("["):
            values = keys.setdefault(line[1:-1], {})
        else:
            name, text, number = LINE.fullmatch(line).groups()
            values[name] = re.sub(r"\\(.)", r"\1", text) if number is None else int(number, 16)
    return keys
