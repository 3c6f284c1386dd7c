"""What the addresses of servers mean that stand behind the product; a wrong one is Unsuitable."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import environ
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from redis import ConnectionPool, RedisError

from config.values import Unsuitable

EXAMPLE_ADDRESS = "postgres://user:password@host:5432/database"
PORTS = re.compile(r"\d{0,5}(,\d{0,5})*")
NUMBER = re.compile(r"(/\d{0,5})?")
CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "target_session_attrs": (
        "any", "read-write", "read-only", "primary", "standby", "prefer-standby",
    ),
}  # fmt: skip
"""What libpq takes of those options that people write; it says so only when it connects."""


def postgresql(text: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL database, from its address, of one host or several."""
    wanted = f"must be an address such as {EXAMPLE_ADDRESS}."
    if text.partition("://")[0] not in ("postgres", "postgresql"):
        raise Unsuitable(wanted)
    try:
        found: dict[str, Any] = environ.Env.db_url_config(text)
        require_words(found.get("OPTIONS", {}))
        hosts = several_hosts(text) if "," in found["HOST"] else {}
    except (ValueError, ProgrammingError):
        raise Unsuitable(wanted) from None
    if not found["NAME"]:
        raise Unsuitable(wanted)
    return found | hosts


def several_hosts(text: str) -> dict[str, str]:
    """The hosts of an address and the port of each, as libpq wants them; raise ValueError."""
    read = conninfo_to_dict(text)
    ports = str(read.get("port", ""))
    if not PORTS.fullmatch(ports):
        raise ValueError(ports)
    return {"HOST": str(read["host"]), "PORT": ports}


def require_words(options: dict[str, str]) -> None:
    """Raise ValueError or ProgrammingError for options that libpq would refuse at each start."""
    make_conninfo("", **options)
    for name, words in CHOICES.items():
        if options.get(name, words[0]) not in words:
            raise ValueError(name)


def redis(text: str) -> str:
    """The address of a Redis or Valkey server, which Celery understands too."""
    wanted = "must be an address such as redis://host:6379/0, or rediss://... with TLS."
    try:
        parts = urlsplit(text)
        ConnectionPool.from_url(text).make_connection()  # which connects to nothing
    except (ValueError, TypeError, RedisError):
        raise Unsuitable(wanted) from None
    is_one = parts.hostname and "," not in parts.hostname
    if parts.scheme not in ("redis", "rediss") or not is_one or not NUMBER.fullmatch(parts.path):
        raise Unsuitable(wanted)
    return text


def for_celery(address: str) -> str:
    """The same of Redis; with TLS, Celery believes any certificate where no word is said of it."""
    parts = urlsplit(address)
    if parts.scheme == "redis" or "ssl_cert_reqs" in parts.query:
        return address
    query = f"{parts.query}&" if parts.query else ""
    return parts._replace(query=f"{query}ssl_cert_reqs=required").geturl()
