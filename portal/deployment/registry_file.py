"""``.reg`` files: UTF-16 with a byte order mark and CRLF, as ``regedit`` writes them."""

from __future__ import annotations

from portal.deployment.values import Deployment, Value

FIRST_LINE = "Windows Registry Editor Version 5.00"


def setting(deployment: Deployment) -> bytes:
    """The file that writes the values."""
    lines = [f"[{deployment.key}]", *(line(value) for value in deployment.values())]
    return encoded(lines)


def removing(deployment: Deployment) -> bytes:
    """The file that takes the key of our values away, and nothing else."""
    return encoded([f"[-{deployment.key}]"])


def line(value: Value) -> str:
    """One value; backslashes and quotes are escaped."""
    if not value.is_text:
        return f'"{value.name}"=dword:{value.data:08x}'
    text = str(value.data).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value.name}"="{text}"'


def encoded(lines: list[str]) -> bytes:
    """The file's bytes."""
    text = "\r\n".join([FIRST_LINE, "", *lines, "", ""])
    return b"\xff\xfe" + text.encode("utf-16-le")
