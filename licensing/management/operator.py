"""What all operator commands share: ``--json``, who does it, and refusals in a sentence."""

from __future__ import annotations

import abc
import contextlib
import json
import os
import pwd
import sys
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from licensing import accounts, keys
from licensing.audit import Actor
from licensing.encryption import SecretLost
from licensing.errors import LicensingError
from licensing.models import Account, ClientSession, ProductKey


class OperatorCommand(BaseCommand):
    """A command that answers in words, or with ``--json`` in exactly one JSON object.

    Standard output carries the answer and nothing else: what anything prints on
    the way (a mail on a console backend, say) goes to standard error, and so do
    errors. The exit code is 1 for a refusal and 2 for arguments that make no sense.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Add ``--json``; commands add their own beside it.

        Django's checks are of the code, for who writes it, and read all pages.
        """
        parser.set_defaults(skip_checks=True)
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and print the answer."""
        try:
            with contextlib.redirect_stdout(sys.stderr):
                document, words = self.operate(**options)
        except LicensingError as error:
            raise CommandError(str(error)) from error
        except SecretLost:
            raise CommandError(
                "No key in PRODUCT_KEY_ENCRYPTION_KEYS opens this secret. Put the key back "
                "with which it was encrypted."
            ) from None
        self.answer(document, words, as_json=options["json"])

    def answer(self, document: dict[str, Any], words: str, *, as_json: bool) -> None:
        """Print one of the two forms of the answer."""
        self.stdout.write(json.dumps(document, cls=DjangoJSONEncoder) if as_json else words)

    @abc.abstractmethod
    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        """Do what the command is for; return the answer for programs and the one for people.

        Raise CommandError or a LicensingError with a sentence that says what is wrong.
        """


def operator() -> Actor:
    """Who runs the command: the operating system's user."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run as a number that has no name
        name = f"uid {os.getuid()}"
    return Actor("command", "", name)


def find_key(serial_number: str) -> ProductKey:
    """The key with this serial number, typed in any way; raise CommandError if there is none."""
    if keys.normalise_serial(serial_number) is None:
        raise CommandError(
            f"{serial_number!r} is not a serial number. "
            "It has 12 characters, such as 4Q7M-0XWT-9K2C; check it for typing errors."
        )
    key = keys.find(serial_number)
    if key is None:
        raise CommandError(f"There is no serial number {serial_number}.")
    return key


def find_session(session_id: uuid.UUID) -> ClientSession:
    """The session with this id; raise CommandError if there is none."""
    sessions = ClientSession.every.select_related("licence__account")
    session = sessions.filter(pk=session_id).first()
    if session is None:
        raise CommandError(f"There is no session {session_id}.")
    return session


def find_account(name: str) -> Account:
    """The account of this name, however it is written; raise CommandError if there is none."""
    account = accounts.find(name)
    if account is None:
        raise CommandError(f"There is no account called {name!r}.")
    return account


def content_of(file: Path) -> bytes:
    """What the file holds; raise CommandError when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
