"""A setting that is missing or wrong stops the start with one line that names it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from config import environment, servers, values
from config.environment import BASE_DIR, REQUIRED, VARIABLES
from devstack import secrets

SOUND = secrets.generate() | {
    "BASE_URL": "https://licences.example.org",
    "ALLOWED_HOSTS": "licences.example.org",
    "DATABASE_URL": "postgres://us:pass@db.example.org:5432/licensing?sslmode=require",
    "REDIS_URL": "redis://cache.example.org:6379/0",
    "MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}

WRONG = {
    "REPORTS_DATABASE_URL": ["mysql://x/y", "postgres://host/"],
    "REPORTS_LAG_SECONDS": ["0", "a few"],
    "DRAIN_SECONDS": ["soon", "301", "-1"],
    "SECRET_KEY": ["short"],
    "SECRET_KEY_FALLBACKS": ["one,,two", "lost\nline"],
    "PRODUCT_KEY_ENCRYPTION_KEYS": ["%%%", "c2hvcnQ=", "A" * 43, "A" * 42 + "!="],
    "PRODUCT_KEY_DIGEST_KEY": ["short"],
    "LEASE_SIGNING_KEYS": ["%%%", "c2hvcnQ", "A" * 42 + "!", f"{'A' * 43},"],
    "BASE_URL": [
        "licences.example.org",
        "ftp://licences.example.org",
        "https://licences.example.org/portal",
        "https://licences.example.org:port",
        "HTTPS://licences.example.org",
        "https://",
    ],
    "ALLOWED_HOSTS": [
        "https://licences.example.org",
        "licences.example.org:443",
        "else.example.org",
    ],
    "DATABASE_URL": [
        "mysql://us:pass@db.example.org/licensing",
        "postgres://us:pass@db.example.org:port/licensing",
        "postgres://us:pass@one.example.org:port,two.example.org/licensing",
        "postgres://us:pass@db.example.org/",
        "postgres://us:pass@db.example.org/licensing?sslmod=require",
        "postgres://us:pass@db.example.org/licensing?sslmode=verify",
        "postgres://us:pass@one,two/licensing?target_session_attrs=write",
        "licensing",
    ],
    "DATABASE_POOLED": ["maybe"],
    "REDIS_URL": [
        "memcached://cache.example.org",
        "redis://cache.example.org:port",
        "cache:6379",
        "redis:///0",
        "redis://one.example.org,two.example.org/0",
        "redis://cache.example.org/zero",
        "redis://cache.example.org/0?tls=yes",
        "rediss://cache.example.org/0?ssl_cert_reqs=maybe",
    ],
    "TRUSTED_PROXY_COUNT": ["-1", "one", "1.5", "²", "11"],
    "WEB_THREADS": ["0", "65", "two"],
    "STATIC_ROOT": ["/dev/null/static", "s3://bucket/static", "static"],
    "PRIVATE_FILES": [
        "/dev/null/files",
        "files",
        f"/{'x' * 300}",
        "s3://",
        "s3://Bucket",
        "s3:bucket",
        "S3://bucket",
        "gs://bucket/exports",
        "file:///srv/files",
        "~/files",
    ],
    "BRAND_NAME": ["Two\nlines"],
    "VENDOR_NAME": ["Two\nlines"],
    "POLICY_VENDOR": ["Soft\\ware"],
    "POLICY_PRODUCT": ["Soft\\ware"],
    "SUPPORT_EMAIL": ["support"],
    "SALES_EMAIL": ["Sales <sales@example.org>"],
    "SECURITY_CONTACT": ["security", "http://example.org/report"],
    "SECURITY_POLICY_URL": ["http://example.org/policy", "policy", "https://x:y"],
    "SIGN_IN_HOURS": ["0", "a day"],
    "SIGN_IN_KEPT_DAYS": ["0", "367"],
    "STAFF_NEED_TWO_STEP": ["maybe"],
    "REFRESH_AFTER_SECONDS": ["0", "five", "-300", "1e3"],
    "STATEMENT_SECONDS": ["0", "five", "-5", "1e3"],
    "LEASE_ISSUER": ["two\nlines"],
    "API_REQUESTS_PER_MINUTE": ["0", "many"],
    "HISTORY_AFTER_DAYS": ["0", "-1", "999999999"],
    "KEEP_HISTORY_DAYS": ["0", "-1", "999999999"],
    "KEEP_MAILS_DAYS": ["0", "-1", "999999999"],
    "KEEP_MESSAGES_DAYS": ["0", "-1", "999999999"],
    "KEEP_EVENTS_DAYS": ["0", "-1", "999999999"],
    "KEEP_ALERTS_DAYS": ["0", "-1", "999999999"],
    "KEEP_EXPORTS_DAYS": ["0", "-1", "999999999"],
    "KEEP_IMPORTS_DAYS": ["0", "-1", "999999999"],
    "KEEP_EMAIL_CHANGES_DAYS": ["0", "-1", "999999999"],
    "MAIL_BACKEND": ["smtp"],
    "MAIL_OPTIONS": ["host=mail.example.org", "[]", "{'host': 1}"],
    "ANYMAIL": ["[]", "key"],
    "DEFAULT_FROM_EMAIL": ["nobody", "a@example.org\nBcc: b@example.org"],
    "METRICS_ADDRESS": ["9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:9464"],
    "METRICS_TOKEN": ["short"],
    "METRICS_FOLDER": ["/dev/null/metrics", "s3://bucket/metrics"],
    "BACKUP_MARK": ["/dev/null/done", "/", "s3://bucket/done"],
    "LOG_LEVEL": ["LOUD", "info"],
    "LOG_FORMAT": ["xml"],
    "LOG_REQUESTS": ["maybe"],
    "TRACES_ADDRESS": ["collector:4318", "https://", "grpc://collector:4317", "http://one:port"],
    "DEBUG": ["please"],
    "DEMO": ["please"],
    "DEMO_RECEIVER": [
        "https://127.0.0.1:8001",
        "http://localhost:8001",
        "http://127.0.0.1/",
        "http://127.0.0.1:8001/path",
        "http://10.0.0.7:8001",
        "127.0.0.1:8001",
    ],
    "TESTING": ["please"],
    "SSO_ALLOWS_INTERNAL_PROVIDERS": ["please"],
}


def lines(**changed: str) -> list[str]:
    """What is said of an environment that is sound but for these variables."""
    try:
        environment.read(SOUND | changed)
    except SystemExit as end:
        return str(end.code).splitlines()
    return []


def test_a_sound_environment_is_read():
    found = environment.read(SOUND)

    assert found["DATABASE_URL"]["OPTIONS"] == {"sslmode": "require"}
    assert found["REFRESH_AFTER_SECONDS"] == 300


@pytest.mark.parametrize(
    ("address", "for_celery"),
    [
        ("redis://host/0", "redis://host/0"),
        ("rediss://host/0", "rediss://host/0?ssl_cert_reqs=required"),
        ("rediss://h/0?ssl_ca_certs=/ca", "rediss://h/0?ssl_ca_certs=/ca&ssl_cert_reqs=required"),
        ("rediss://host/0?ssl_cert_reqs=none", "rediss://host/0?ssl_cert_reqs=none"),
    ],
)
def test_celery_believes_no_certificate_unseen(address, for_celery):
    assert servers.for_celery(servers.redis(address)) == for_celery


def test_an_address_of_a_database_may_name_several_hosts():
    hosts = "one.example.org,[2001:db8::2]:5433"
    address = f"postgres://us:pass@{hosts}/licensing"

    found = environment.read(SOUND | {"DATABASE_URL": address})["DATABASE_URL"]

    assert (found["HOST"], found["PORT"]) == ("one.example.org,2001:db8::2", ",5433")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("us", "pass", "licensing")


@pytest.mark.parametrize("name", VARIABLES)
def test_each_wrong_value_is_one_line_that_names_the_setting(name):
    for value in WRONG[name]:
        [line] = lines(**{name: value})

        assert line.startswith(f"{name} ")
        assert len(value) < 10 or value not in line


def test_each_missing_value_is_one_line_that_names_the_setting():
    required = [name for name, variable in VARIABLES.items() if variable.default is REQUIRED]

    assert lines(**dict.fromkeys(required, "")) == [f"{name} is not set." for name in required]


def test_the_example_is_complete_and_lets_itself_be_read():
    text = (BASE_DIR / ".env.example").read_text()
    example = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))

    assert example.keys() == VARIABLES.keys()
    environment.read(example | {"TESTING": "1", "BRAND_NAME": "", "DEFAULT_FROM_EMAIL": ""})


def test_secrets_that_everybody_knows_are_refused():
    text = (BASE_DIR / ".env.example").read_text()
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    known = [name for name, variable in VARIABLES.items() if variable.is_secret and name in example]

    assert [line.split()[0] for line in lines(**example)] == known
    assert lines(**example, DEMO="true") == lines(**example, TESTING="true") == []


def test_nothing_is_posted_to_this_machine_outside_the_demo():
    receiver = "http://127.0.0.1:8001"

    [line] = lines(DEMO_RECEIVER=receiver)

    assert line.startswith("DEMO_RECEIVER lets webhooks post to this machine")
    assert lines(DEMO_RECEIVER=receiver, TESTING="true") == [line]
    assert lines(DEMO_RECEIVER=receiver, DEMO="true") == []


@pytest.mark.parametrize("inside", ["", "/files", "/../static/files"])
def test_private_files_do_not_lie_among_those_for_anybody(tmp_path, inside):
    shown = f"{tmp_path}/static"

    [line] = lines(STATIC_ROOT=shown, PRIVATE_FILES=f"{shown}{inside}")

    assert line.startswith("PRIVATE_FILES is inside STATIC_ROOT")
    assert lines(STATIC_ROOT=shown, PRIVATE_FILES=f"{tmp_path}/static-files") == []


@pytest.mark.parametrize("backend", ["", environment.PRINTS])
def test_mails_are_not_printed_to_the_log_outside_the_demo(backend):
    [line] = lines(MAIL_BACKEND=backend)

    assert line.startswith("MAIL_BACKEND ")
    assert lines(MAIL_BACKEND=backend, DEMO="true") == []


def test_a_provider_of_mail_needs_what_speaks_to_it(monkeypatch):
    backend = "anymail.backends.postmark.EmailBackend"
    assert lines(MAIL_BACKEND=backend) == []
    monkeypatch.setattr(values, "find_spec", lambda name: None)

    assert lines(MAIL_BACKEND=backend) == [
        'MAIL_BACKEND needs the extra "anymail": django-anymail.'
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "name", "value"),
    [
        (("manage.py", "list_sessions", "1234"), "MAIL_OPTIONS", '{"hosts": "s3cret"}'),
        (("-m", "celery", "-A", "config", "worker"), "DATABASE_URL", "s3cret"),
    ],
)
def test_nothing_starts_with_a_wrong_setting(program, name, value):
    done = subprocess.run(
        [sys.executable, *program],
        env=os.environ | {name: value},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(name)
    assert "s3cret" not in line


def test_a_folder_that_root_makes_belongs_to_whom_the_one_above_belongs(monkeypatch, tmp_path):
    given = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, *owner: given.append((path.name, owner)))
    owner = (tmp_path.stat().st_uid, tmp_path.stat().st_gid)

    values.make_folder("METRICS_FOLDER", tmp_path / "licensing" / "metrics")

    assert given == [("licensing", owner), ("metrics", owner)]
