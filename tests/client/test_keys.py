"""Serial numbers and product keys as people type or paste them."""

from __future__ import annotations

import unicodedata

import pytest

from cloud_licence import keys
from cloud_licence import program as licence
from licensing import keys as service
from tests.client import vectors
from tests.client.computers import PROGRAM
from tests.factories import make_pool

TYPED = vectors.read("typed")["cases"]
MARKS = [
    letter
    for letter in map(chr, range(0x10000))
    if unicodedata.category(letter) not in {"Cn", "Co", "Cs", "Ll", "Lo", "Lu"}
]
"""All that is no usual letter, in the first plane of Unicode."""


@pytest.fixture
def typed():
    """A serial number and product key as the service makes them."""
    return (
        service.generate(service.SERIAL_LENGTH, service.SERIAL_GROUP),
        service.generate(service.KEY_LENGTH, service.KEY_GROUP),
    )


@pytest.mark.parametrize(
    "pasted",
    [
        "{}",
        "  {}\r\n",
        "“{}”",
        "'{}'.",
        "«{}»,",
        "\ufeff{}",
        "{}\u200b",
        "\u200e{}\u200f",
        "{}\u00a0\u2060",
    ],
)
def test_what_stands_around_a_key_is_not_part_of_it(typed, pasted):
    serial, key = typed

    assert keys.serial_number(pasted.format(serial)) == serial
    assert keys.product_key(pasted.format(key)) == key


@pytest.mark.parametrize(
    "dash", ["", " ", "\u00ad", "‐", "‑", "–", "—", "−", "﹣", "－", "\u200b-"]
)
def test_every_dash_and_none_is_the_same(typed, dash):
    serial, key = typed

    assert keys.serial_number(serial.replace("-", dash)) == serial
    assert keys.product_key(key.lower().replace("-", dash)) == key


def test_letters_that_look_alike_and_wide_ones_are_understood(typed):
    serial, _ = typed
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in serial)

    assert keys.serial_number(wide) == serial
    assert keys.is_same("O123-ILAB", "0123 11ab")


def test_a_typing_error_is_found(typed):
    serial, key = typed
    wrong = "1" if key[0] != "1" else "2"

    assert keys.product_key(wrong + key[1:]) is None
    assert keys.product_key(key[:-1]) is None
    assert keys.serial_number(key) is None
    assert keys.serial_number(f"{serial[:-1]}U") is None


def test_key_that_cannot_be_right_is_said_so_at_once_and_not_kept(pc, typed):
    serial, key = typed

    wrong = pc.run("enter", input=f"{serial}\n{key[:-1]}\n")
    half = pc.run("enter", input=f"{serial[:-1]}\n")

    assert (wrong.returncode, half.returncode) == (1, 1)
    assert "a product key has 30 letters" in wrong.stderr
    assert "a serial number has 12 letters" in half.stderr
    assert "Product key" not in half.stderr
    assert not list((pc.home / "config").rglob("*.conf"))
    assert key[:-1] not in wrong.stderr + wrong.stdout


def test_key_is_kept_as_the_service_writes_it(pc, typed):
    serial, key = typed

    entered = pc.run("enter", input=f"“{serial.lower()}”.\n{key.replace('-', '–')}\u200b\n")

    (kept,) = (pc.home / "config").rglob("licensing.conf")
    assert entered.returncode == 0
    assert kept.read_text() == f"SerialNumber = {serial}\nProductKey = {key}\n"


def test_other_spelling_of_a_serial_number_is_no_new_key(pc, network):
    made = make_pool(1)
    pc.set_policy(made, network.url, SerialNumber=made.serial_number.replace("-", "\u00ad"))

    assert not licence.open_licence(PROGRAM).new_key_waits


def test_service_reads_what_is_typed_as_clients_do():
    read = {"serial_number": service.normalise_serial, "product_key": service.normalise_key}

    found = {case["name"]: read[case["kind"]](case["typed"]) for case in TYPED}

    assert found == {case["name"]: case["expect"] for case in TYPED}


def test_every_mark_between_and_around_is_read_as_the_service_does(typed):
    serial, _ = typed
    pasted = [mark.join(["", *serial.split("-"), ""]) for mark in MARKS]

    read = {text: keys.serial_number(text) for text in pasted}

    assert read == {text: service.normalise_serial(text) for text in pasted}
    assert 0 < list(read.values()).count(serial) < len(read)
