"""What is wrong with the settings of mails, in a line; and the provider that tells of them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.apps import apps

from config.environment import BASE_DIR
from portal.mail import mailer


@pytest.mark.parametrize(
    ("settled", "line"),
    [
        (
            {"BACKEND": "django.core.mail.backends.console.EmailBackend", "OPTIONS": {"host": "x"}},
            "MAIL_OPTIONS: Unknown options 'host'.",
        ),
        (
            {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {}},
            "MAIL_OPTIONS: OPTIONS must define 'host'.",
        ),
        (
            {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "x", "port": "25", "use_tls": "false"},
            },
            "MAIL_OPTIONS: port, use_tls must be of another type of JSON.",
        ),
        (
            {"BACKEND": "mail.not.there.Backend", "OPTIONS": {}},
            "MAIL_BACKEND names no class that can be imported.",
        ),
    ],
)
def test_options_of_another_mail_backend_are_one_line(settings, settled, line):
    settings.MAILERS = {"default": settled}

    assert mailer.fault() == line


PROVIDER = {
    "MAIL_BACKEND": "anymail.backends.postmark.EmailBackend",
    "MAIL_OPTIONS": '{"server_token": "s3cret"}',
    "ANYMAIL": '{"WEBHOOK_SECRET": "us:s3cret"}',
}
TELL = """
from django.test import Client
event = {"RecordType": "SpamComplaint", "MessageID": "1"}
for headers in ({}, {"Authorization": "Basic dXM6czNjcmV0"}):
    answer = Client(headers=headers).post("/anymail/postmark/tracking/", event, "application/json")
    print(answer.status_code)
"""


@pytest.mark.slow
def test_a_provider_of_mail_tells_what_became_of_mails_and_nobody_else_does():
    told = [sys.executable, "manage.py", "shell", "--no-imports", "-c", TELL]
    done = subprocess.run(
        told, env=os.environ | PROVIDER, cwd=BASE_DIR, capture_output=True, text=True, check=False
    )

    assert done.stdout.split() == ["400", "200"]


def test_a_provider_whom_anybody_could_pretend_to_be_is_refused(settings, monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: name == "anymail")
    settings.ANYMAIL = {}

    assert mailer.fault().startswith("ANYMAIL needs a WEBHOOK_SECRET")
