"""The environment: every variable that the product reads, its type and what it is by default.

What is missing or wrong stops whatever was started, with one line for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.http.request import split_domain_port, validate_host

from config import servers, storages, values
from config.values import Unsuitable, several, whole_number

BASE_DIR = Path(__file__).resolve().parent.parent
IN_WHEEL = Path(__file__).with_name("files")
FILES = IN_WHEEL if IN_WHEEL.is_dir() else BASE_DIR
"""Where templates, static files and catalogues are: a wheel has them inside of this package."""
LOCAL = (Path.cwd() if FILES == IN_WHEEL else BASE_DIR) / ".local"
EXAMPLES = ("example", "ZXhhbXBsZS")  # the same in base64
PRINTS = "django.core.mail.backends.console.EmailBackend"
REQUIRED = object()
YEARS = 100 * 366
"""In days: more than any of them can mean."""


@dataclass(frozen=True)
class Variable:
    """A variable's type, its value when it is not set, and whether it is a secret."""

    parse: values.Parse
    default: Any = REQUIRED
    is_secret: bool = False


VARIABLES = {
    "TESTING": Variable(values.flag, False),
    "DEMO": Variable(values.flag, False),
    "DEMO_RECEIVER": Variable(values.loopback, ""),
    "DEBUG": Variable(values.flag, False),
    "SECRET_KEY": Variable(values.secret, is_secret=True),
    "SECRET_KEY_FALLBACKS": Variable(several(values.line), (), is_secret=True),
    "PRODUCT_KEY_ENCRYPTION_KEYS": Variable(several(values.fernet_key), is_secret=True),
    "PRODUCT_KEY_DIGEST_KEY": Variable(values.secret, is_secret=True),
    "LEASE_SIGNING_KEYS": Variable(several(values.seed), is_secret=True),
    "BASE_URL": Variable(values.site),
    "ALLOWED_HOSTS": Variable(several(values.host)),
    "TRUSTED_PROXY_COUNT": Variable(whole_number(0, 10), 0),
    "WEB_THREADS": Variable(whole_number(1, 64), 4),
    "DRAIN_SECONDS": Variable(whole_number(0, 300), 0),
    "DATABASE_URL": Variable(servers.postgresql),
    "DATABASE_POOLED": Variable(values.flag, False),
    "REPORTS_DATABASE_URL": Variable(servers.postgresql, None),
    "REPORTS_LAG_SECONDS": Variable(whole_number(1, 3600), 5),
    "REDIS_URL": Variable(servers.redis),
    "STATEMENT_SECONDS": Variable(whole_number(1, 3600), None),
    "STATIC_ROOT": Variable(values.folder, LOCAL / "static"),
    "PRIVATE_FILES": Variable(storages.private_files, LOCAL / "files"),
    "BRAND_NAME": Variable(values.line, "Elecosoft Licensing"),
    "VENDOR_NAME": Variable(values.line, "Elecosoft"),
    "POLICY_VENDOR": Variable(values.registry_name, "Elecosoft"),
    "POLICY_PRODUCT": Variable(values.registry_name, "Powerproject"),
    "SUPPORT_EMAIL": Variable(values.mailbox, "support@example.com"),
    "SALES_EMAIL": Variable(values.mailbox, "sales@example.com"),
    "SECURITY_CONTACT": Variable(values.contact, None),
    "SECURITY_POLICY_URL": Variable(values.page, None),
    "SIGN_IN_HOURS": Variable(whole_number(1, 24 * 366), 24),
    "SIGN_IN_KEPT_DAYS": Variable(whole_number(1, 366), 14),
    "STAFF_NEED_TWO_STEP": Variable(values.flag, None),
    "REFRESH_AFTER_SECONDS": Variable(whole_number(1, 24 * 3600), 300),
    "LEASE_ISSUER": Variable(values.line, None),
    "API_REQUESTS_PER_MINUTE": Variable(whole_number(1, 1_000_000), 300),
    "HISTORY_AFTER_DAYS": Variable(whole_number(1, YEARS), 30),
    "KEEP_HISTORY_DAYS": Variable(whole_number(1, YEARS), 396),
    "KEEP_MAILS_DAYS": Variable(whole_number(1, YEARS), 30),
    "KEEP_MESSAGES_DAYS": Variable(whole_number(1, YEARS), 30),
    "KEEP_EVENTS_DAYS": Variable(whole_number(1, YEARS), 30),
    "KEEP_ALERTS_DAYS": Variable(whole_number(1, YEARS), 90),
    "KEEP_EXPORTS_DAYS": Variable(whole_number(1, YEARS), 14),
    "KEEP_IMPORTS_DAYS": Variable(whole_number(1, YEARS), 30),
    "KEEP_EMAIL_CHANGES_DAYS": Variable(whole_number(1, YEARS), 30),
    "MAIL_BACKEND": Variable(values.dotted_path, PRINTS),
    "MAIL_OPTIONS": Variable(values.options, {}),
    "ANYMAIL": Variable(values.options, {}, is_secret=True),
    "DEFAULT_FROM_EMAIL": Variable(values.sender, None),
    "METRICS_ADDRESS": Variable(values.address, None),
    "METRICS_TOKEN": Variable(values.secret, "", is_secret=True),
    "METRICS_FOLDER": Variable(values.own_folder, LOCAL / "metrics"),
    "BACKUP_MARK": Variable(values.file, None),
    "LOG_LEVEL": Variable(values.log_level, "INFO"),
    "LOG_FORMAT": Variable(values.log_format, "text"),
    "LOG_REQUESTS": Variable(values.flag, False),
    "TRACES_ADDRESS": Variable(values.collector, None),
    "SSO_ALLOWS_INTERNAL_PROVIDERS": Variable(values.flag, False),
}


def read(given: Mapping[str, str]) -> dict[str, Any]:
    """The value of every variable; one that is set to nothing counts as not set.

    Leave with a line for each fault, and exit code 1, if there is any.
    """
    found: dict[str, Any] = {}
    faults = []
    for name, variable in VARIABLES.items():
        try:
            found[name] = value(variable, given.get(name, "").strip())
        except Unsuitable as fault:
            faults.append(f"{name} {fault}")
    faults += strangers(found)
    faults += examples(found, given)
    faults += told_to_the_log(found)
    faults += of_the_demo_alone(found)
    faults += shown_to_anybody(found)
    if faults:
        raise SystemExit("\n".join(faults))
    return found


def value(variable: Variable, text: str) -> Any:
    """What the text means, or the default. Raise Unsuitable."""
    if text:
        return variable.parse(text)
    if variable.default is REQUIRED:
        raise Unsuitable("is not set.")
    return variable.default


def strangers(found: Mapping[str, Any]) -> Iterator[str]:
    """A line if the product would not answer at its own address."""
    if "BASE_URL" not in found or "ALLOWED_HOSTS" not in found:
        return
    domain, _ = split_domain_port(urlsplit(found["BASE_URL"]).netloc)
    if not validate_host(domain, found["ALLOWED_HOSTS"]):
        yield "ALLOWED_HOSTS does not name the host of BASE_URL."


def examples(found: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[str]:
    """A line for each secret that everybody can read in .env.example."""
    if found.get("DEMO") or found.get("TESTING"):
        return
    for name, variable in VARIABLES.items():
        if variable.is_secret and name in found and is_example(given.get(name, "")):
            yield f"{name} is the example of .env.example, which everybody knows: make one up."


def told_to_the_log(found: Mapping[str, Any]) -> Iterator[str]:
    """A line if mails would be printed, with the codes and links that they bring."""
    if found.get("DEMO") or found.get("TESTING"):
        return
    if found.get("MAIL_BACKEND") == PRINTS:
        yield "MAIL_BACKEND prints mails to the log, with their codes: name a mail server's."


def of_the_demo_alone(found: Mapping[str, Any]) -> Iterator[str]:
    """A line if customers could have something posted to this machine."""
    if found.get("DEMO_RECEIVER") and not found.get("DEMO"):
        yield "DEMO_RECEIVER lets webhooks post to this machine: it is for the demo (DEMO) alone."


def shown_to_anybody(found: Mapping[str, Any]) -> Iterator[str]:
    """A line if customers' files would lie among those that the web server hands to anybody."""
    private, shown = found.get("PRIVATE_FILES"), found.get("STATIC_ROOT")
    if isinstance(private, Path) and shown and private.resolve().is_relative_to(shown.resolve()):
        yield "PRIVATE_FILES is inside STATIC_ROOT, which anybody may read: name another folder."


def is_example(text: str) -> bool:
    """Whether a secret says of itself, plainly or in base64, that it is an example."""
    return any(word in text for word in EXAMPLES)
