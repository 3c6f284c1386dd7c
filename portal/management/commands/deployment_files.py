"""``manage.py deployment_files``: write the files that roll a key out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from licensing import keys
from licensing.management.operator import OperatorCommand, find_key, operator
from licensing.models.keys import KeyState
from licensing.names import on_one_line, one_line
from portal.deployment.files import ZIP_NAME, bundle, files
from portal.deployment.values import Deployment, Scope, service_address


class Command(OperatorCommand):
    """Write every deployment file of a key into a folder, and all of them as a zip."""

    help = (
        "Write the files by which an IT department rolls a key out: Group Policy, registry, "
        "Intune, silent installation. They hold the product key; that is recorded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--scope", choices=Scope.values, default=Scope.MACHINE)
        parser.add_argument("--service-url", default=settings.BASE_URL, metavar="URL")
        parser.add_argument("--proxy", default="", metavar="ADDRESS")
        parser.add_argument("--contact", default="", metavar="TEXT", help="whom people ask")
        parser.add_argument("--no-user-entry", action="store_true",
            help="people may not type a key of their own")  # fmt: skip

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        key = find_key(options["serial_number"])
        if key.state != KeyState.ACTIVE:
            raise CommandError(f"{key} is {key.state}: roll out the key that replaces it.")
        require_sound(options)
        deployment = Deployment(
            serial_number=key.serial_number,
            product_key=keys.reveal(key, by=operator()),
            licence_name=on_one_line(key.licence.name),
            service_url=options["service_url"],
            scope=Scope(options["scope"]),
            proxy=options["proxy"],
            contact_text=options["contact"],
            allow_user_entry=not options["no_user_entry"],
        )
        written = write(deployment, options["folder"])
        document = {
            "serial_number": key.serial_number,
            "folder": str(options["folder"]),
            "files": written,
        }
        return document, "\n".join([f"Written to {options['folder']}:", *written])


def require_sound(options: dict[str, Any]) -> None:
    """Raise CommandError when a text could not stand in the files as it is."""
    rules: dict[str, Callable[[str], None]] = {
        "service_url": service_address,
        "proxy": one_line,
        "contact": one_line,
    }
    for name, rule in rules.items():
        try:
            rule(options[name])
        except ValidationError as error:
            raise CommandError(f"--{name.replace('_', '-')}: {error.message}") from None


def write(deployment: Deployment, folder: Path) -> list[str]:
    """Write the files, for their owner only; return their names. Raise CommandError."""
    contents = {file.name: file.content for file in files(deployment)}
    contents[ZIP_NAME] = bundle(deployment)
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.chmod(0o600)  # also of a file that was there
            path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"The files could not be written: {error}") from error
    return list(contents)
