"""What a variable's text means: a function for each type, which raises Unsuitable with the reason.

No reason repeats the text: it may be a secret.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Callable
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

Parse = Callable[[str], Any]

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("text", "json")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
HOST_NAME = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
ADDRESS = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
SEED_BYTES = 32


class Unsuitable(ValueError):
    """The text is none of the type; the sentence, without its subject, says what is."""


def line(text: str) -> str:
    """A text for people."""
    if CONTROL.search(text):
        raise Unsuitable("has a line break or another control character in it.")
    return text


def registry_name(text: str) -> str:
    """The name of one key of the Windows registry."""
    if "\\" in line(text):
        raise Unsuitable("has a backslash in it, and names one key of the registry.")
    return text


def flag(text: str) -> bool:
    """Yes or no."""
    if text.lower() not in TRUE + FALSE:
        raise Unsuitable("must be true or false.")
    return text.lower() in TRUE


def whole_number(least: int, most: int) -> Parse:
    """A number from least to most."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Unsuitable(f"must be a whole number from {least} to {most}.")
        if not least <= int(text) <= most:
            raise Unsuitable(f"must be a number from {least} to {most}.")
        return int(text)

    return parse


def several(parse: Parse) -> Parse:
    """A list with commas between its items, at least one."""

    def parse_each(text: str) -> list[Any]:
        items = [item.strip() for item in text.split(",")]
        if not all(items):
            raise Unsuitable("is a list with an empty item: one comma too many.")
        return [parse(item) for item in items]

    return parse_each


def secret(text: str) -> str:
    """A long random text."""
    if len(text) < SEED_BYTES:
        raise Unsuitable(f"is too short: at least {SEED_BYTES} random characters.")
    return text


def fernet_key(text: str) -> str:
    """32 bytes as Fernet wants them: URL-safe base64 with its padding."""
    if len(text) % 4:
        raise Unsuitable(f"must hold {SEED_BYTES} bytes in URL-safe base64, with the = at its end.")
    return seed(text)


def seed(text: str) -> str:
    """32 bytes in URL-safe base64, padding or not."""
    try:
        held = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unsuitable("is not URL-safe base64.") from None
    if len(held) != SEED_BYTES:
        raise Unsuitable(f"must hold {SEED_BYTES} bytes, but holds {len(held)}.")
    return text


def site(text: str) -> str:
    """The address of a whole site, without a slash at its end."""
    wanted = "must be an address such as https://licences.example.com, without a path."
    parts = of_web(text.rstrip("/"), wanted)
    if parts.path or parts.query or parts.fragment or parts.username:
        raise Unsuitable(wanted)
    return text.rstrip("/")


def of_web(text: str, wanted: str, *schemes: str) -> SplitResult:
    """The parts of an address that HTTP has, by one of these schemes or either."""
    try:
        parts = urlsplit(line(text))
        _ = parts.port
    except ValueError:
        raise Unsuitable(wanted) from None
    is_known = text.startswith(tuple(f"{scheme}://" for scheme in schemes or ("http", "https")))
    if not is_known or not parts.hostname or " " in text:
        raise Unsuitable(wanted)
    return parts


def loopback(text: str) -> str:
    """The address of a server on this machine, with its port and without a path."""
    parts = urlsplit(site(text))
    if (parts.scheme, parts.hostname) != ("http", "127.0.0.1") or not parts.port:
        raise Unsuitable("must be an address such as http://127.0.0.1:8001.")
    return text.rstrip("/")


def address(text: str) -> tuple[str, int]:
    """The host and port at which something listens."""
    wanted = "must be an address such as 127.0.0.1:9464 or [::1]:9464."
    if not (found := ADDRESS.fullmatch(text)):
        raise Unsuitable(wanted)
    host, port = found["host"].strip("[]"), int(found["port"])
    if not 0 < port < 65536:
        raise Unsuitable(wanted)
    return host, port


def host(text: str) -> str:
    """A host name as Django's ALLOWED_HOSTS has them."""
    if not HOST_NAME.fullmatch(text):
        raise Unsuitable("must be host names without scheme, port and path.")
    return text


def mailbox(text: str) -> str:
    """An e-mail address alone."""
    try:
        validate_email(text)
    except ValidationError:
        raise Unsuitable("must be an e-mail address.") from None
    return text


def page(text: str) -> str:
    """The address of a page that anybody can read."""
    of_web(text, "must be an address that begins with https://.", "https")
    return text


def collector(text: str) -> str:
    """Where traces are posted; raise Unsuitable too where what posts them is not installed."""
    of_web(text, "must be an address such as http://127.0.0.1:4318/v1/traces.")
    if find_spec("opentelemetry") is None:
        raise Unsuitable('needs the extra "traces": opentelemetry-exporter-otlp-proto-http.')
    return text


def contact(text: str) -> str:
    """Where people are reached: a page or an e-mail address."""
    return page(text) if text.startswith("https:") else mailbox(text)


def sender(text: str) -> str:
    """An e-mail address, with or without a name before it."""
    mailbox(parseaddr(line(text))[1])
    return text


def log_level(text: str) -> str:
    """How much is logged."""
    if text not in LOG_LEVELS:
        raise Unsuitable(f"must be one of {', '.join(LOG_LEVELS)}.")
    return text


def log_format(text: str) -> str:
    """What a line of the log looks like."""
    if text not in LOG_FORMATS:
        raise Unsuitable(f"must be one of {', '.join(LOG_FORMATS)}.")
    return text


def options(text: str) -> dict[str, Any]:
    """A JSON object."""
    try:
        found = json.loads(text)
    except ValueError:
        raise Unsuitable('is not JSON, such as {"host": "mail.example.com"}.') from None
    if not isinstance(found, dict):
        raise Unsuitable('must be a JSON object, such as {"host": "mail.example.com"}.')
    return found


def dotted_path(text: str) -> str:
    """The place of a class in Python's packages. Whether it is there is looked at later."""
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", text):
        raise Unsuitable("must be the dotted path of a class.")
    if text.startswith("anymail.") and not find_spec("anymail"):
        raise Unsuitable('needs the extra "anymail": django-anymail.')
    return text


def folder(text: str) -> Path:
    """A folder, which need not be there yet."""
    path = place(text)
    if not nearest(path).is_dir():
        raise Unsuitable("must be a folder, but a file is in its place.")
    return path


def own_folder(text: str) -> Path:
    """A folder in which this process may write."""
    path = folder(text)
    if not os.access(nearest(path), os.W_OK | os.X_OK):
        raise Unsuitable("is a folder in which this user may not write.")
    return path


def make_folder(name: str, path: Path) -> None:
    """Make a setting's folder; leave with a line when that cannot be, as on a disk to be read.

    What root makes, as with a command run by hand, belongs to whom the folder above belongs.
    """
    made = [one for one in (path, *path.parents) if not one.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        for folder in reversed(made) if os.geteuid() == 0 else ():
            above = folder.parent.stat()
            os.chown(folder, above.st_uid, above.st_gid)
    except OSError as error:
        raise SystemExit(f"{name}, {path}, cannot be made: {error.strerror}.") from None


def file(text: str) -> Path:
    """A file, which need not be there yet."""
    path = place(text)
    if not nearest(path.parent).is_dir() or path.is_dir():
        raise Unsuitable("must be a file.")
    return path


def place(text: str) -> Path:
    """Where something is on this machine, which no address says and no ``~`` that nobody reads."""
    if SCHEME.match(line(text)) or text.startswith("~"):
        raise Unsuitable("must be a path on this machine, such as /var/lib/licensing/files.")
    if not Path(text).is_absolute():  # each process would have its own, by where it was started
        raise Unsuitable("must be a whole path, such as /var/lib/licensing/files.")
    return Path(text)


def nearest(path: Path) -> Path:
    """The path, or the first above it that is there."""
    try:
        return next(parent for parent in (path, *path.parents) if parent.exists())
    except OSError:
        raise Unsuitable("must be a folder.") from None
