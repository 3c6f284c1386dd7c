"""Every command that takes a serial number takes it, and refuses it, alike."""

from __future__ import annotations

import pytest

from licensing import keys

COMMANDS = [
    ["reissue_key", "SERIAL", "--reason=Routine"],
    ["revoke_key", "SERIAL", "--reason=Routine"],
    ["set_seats", "SERIAL", "3", "--reason=Routine"],
    ["set_feature", "SERIAL", "4d:1", "--reason=Routine"],
    ["set_state", "SERIAL", "closed", "--reason=Routine"],
    ["list_sessions", "SERIAL"],
]
every_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])


def with_serial(command: list[str], serial_number: str) -> list[str]:
    return [serial_number if word == "SERIAL" else word for word in command]


@every_command
def test_may_be_typed_in_any_way(run, pool, command):
    typed = pool.serial_number.replace("-", " ").lower()

    assert run(*with_serial(command, typed))


@every_command
def test_an_unknown_one_is_named(refusal, command):
    unknown = keys.generate(keys.SERIAL_LENGTH, keys.SERIAL_GROUP)

    assert refusal(*with_serial(command, unknown)) == f"There is no serial number {unknown}."


@every_command
def test_a_typing_error_is_told(refusal, command):
    assert refusal(*with_serial(command, "1234-5678")) == (
        "'1234-5678' is not a serial number. "
        "It has 12 characters, such as 4Q7M-0XWT-9K2C; check it for typing errors."
    )
