"""The C interface, called as a program of its own would: numbers for what goes wrong, no crash."""

from __future__ import annotations

import ctypes
import functools
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from licensing.models import ClientSession

OK, NOTHING, WRONG_ARGUMENT, WRONG_SERIAL, WRONG_KEY, WRONG_ADDRESS = 0, 1, 2, 4, 5, 6
RUNS, OVER, NOT_VALID, NO_LEASE = 0, 1, 3, 4
TEXTS = ("version", "vendor", "product", "software", "features", "optional_features")
PLACES = {
    "code": 64,
    "licence_name": 256,
    "message": 2048,
    "contact": 1024,
    "reference": 128,
    "notices": 2048,
    "features": 1024,
    "can_do_without": 1024,
}


class Asks(ctypes.Structure):
    """``cl_program``."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        *((name, ctypes.c_char_p) for name in (*TEXTS, "pinned_keys", "language")),
        ("changed", ctypes.c_void_p),
        ("context", ctypes.c_void_p),
    ]


class Says(ctypes.Structure):
    """``cl_lease``."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("verdict", ctypes.c_int32),
        ("signed_at", ctypes.c_double),
        ("until", ctypes.c_double),
        ("why", ctypes.c_char * 32),
        ("features", ctypes.c_char * 1024),
    ]


class Stands(ctypes.Structure):
    """``cl_status``, of a program that knows one more number than the library does."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        *((name, ctypes.c_int32) for name in ("state", "is_open", "is_asking", "new_key_waits")),
        ("grace_until", ctypes.c_double),
        *((name, ctypes.c_char * size) for name, size in PLACES.items()),
        ("of_a_later_version", ctypes.c_int64),
    ]


def asks(**values: object) -> Asks:
    """A program that asks."""
    return Asks(**{"size": ctypes.sizeof(Asks), "version": b"16.0.02", **values})


def stands(size: int = ctypes.sizeof(Stands)) -> Stands:
    """A place for how things stand."""
    return Stands(size=size, of_a_later_version=7)


def test_wrong_arguments_are_numbers_and_no_crash(library):
    licence, short = ctypes.c_void_p(), asks()
    short.size -= 1

    assert library.cl_open(None, ctypes.byref(licence)) == WRONG_ARGUMENT
    assert library.cl_open(ctypes.byref(asks()), None) == WRONG_ARGUMENT
    assert library.cl_open(ctypes.byref(short), ctypes.byref(licence)) == WRONG_ARGUMENT
    assert library.cl_get(None, ctypes.byref(stands())) == WRONG_ARGUMENT
    assert library.cl_doctor(ctypes.byref(asks()), None, None) == WRONG_ARGUMENT
    assert (
        library.cl_read_lease(ctypes.byref(asks()), None, ctypes.c_double(0), None)
        == WRONG_ARGUMENT
    )
    assert library.cl_close(None) is not NotImplemented
    assert licence.value is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": b""},
        {"version": b" "},
        {"vendor": b"../../x"},
        {"vendor": b"a\\b"},
        {"vendor": b""},
        {"product": b".."},
        {"product": b"C:x"},
        {"pinned_keys": b"{torn"},
        {"pinned_keys": b"{}"},
        {"pinned_keys": b"[1,2]"},
        {"pinned_keys": b'[{"kty": "EC", "crv": "P-256", "kid": "a", "x": "AA"}]'},
    ],
)
def test_program_that_is_none_is_a_wrong_argument(library, pc, wrong):
    licence, program = ctypes.c_void_p(), asks(**wrong)

    assert library.cl_open(ctypes.byref(program), ctypes.byref(licence)) == WRONG_ARGUMENT
    assert licence.value is None
    if "version" not in wrong:
        number, key = b"10ab cd23 efe3", b"01234-56789-ABCDE-FGHJK-MNPQR-S10SB"
        assert library.cl_enter(ctypes.byref(program), number, key) == WRONG_ARGUMENT
        assert not (pc.home / "config").exists()


def test_struct_of_a_later_version_keeps_what_the_library_does_not_know(library, pc):
    licence, status = ctypes.c_void_p(), stands()

    assert library.cl_open(ctypes.byref(asks()), ctypes.byref(licence)) == OK
    assert library.cl_wait(licence, ctypes.c_double(20), ctypes.byref(status)) == OK
    short = stands(size=100)
    assert library.cl_get(licence, ctypes.byref(short)) == WRONG_ARGUMENT
    library.cl_close(licence)

    assert status.code == b"no_key"
    assert (status.size, status.of_a_later_version) == (ctypes.sizeof(Stands), 7)
    assert short.code == b""


def test_keys_that_are_typed_are_checked_and_kept(library, pc):
    def enter(number: bytes, key: bytes) -> int:
        return library.cl_enter(ctypes.byref(asks()), number, key)

    assert enter(b"10AB-CD23-EFE0", b"") == WRONG_SERIAL
    assert enter(b"10ab cd23 efe3", b"01234-56789") == WRONG_KEY
    assert enter(b"10ab cd23 efe3", b"01234-56789-ABCDE-FGHJK-MNPQR-S10SB") == OK

    kept = Path(pc.home / "config/elecosoft/powerproject/licensing.conf")
    assert kept.read_text() == (
        "ProductKey = 01234-56789-ABCDE-FGHJK-MNPQR-S10SB\nSerialNumber = 10AB-CD23-EFE3\n"
    )
    assert kept.stat().st_mode & 0o777 == 0o600


def test_address_that_is_typed_is_checked_and_kept_beside_the_keys(library, pc):
    def enter(address: bytes | None) -> int:
        return library.cl_enter_address(ctypes.byref(asks()), address)

    kept = Path(pc.home / "config/elecosoft/powerproject/licensing.conf")
    wrong = [
        b"",
        b"a.example",
        b"ftp://a.example",
        b"http://a.example:0",
        b"http://a.example/\nx",
        b"http://[::1",
        b"http://[]:1",
        b"http://a]",
    ]
    answers = {enter(address) for address in (*wrong, b"http://" + b"a" * 2000)}
    assert (answers, enter(None), kept.exists()) == ({WRONG_ADDRESS}, WRONG_ARGUMENT, False)

    kept.parent.mkdir(parents=True)
    kept.write_text("serviceurl = http://old.example\nSerialNumber = 10AB-CD23-EFE3\n")
    assert (enter(b"http://[::1]:8000"), enter(b" https://a.example/licensing ")) == (OK, OK)

    assert kept.read_text() == (
        "SerialNumber = 10AB-CD23-EFE3\nServiceUrl = https://a.example/licensing\n"
    )
    assert kept.stat().st_mode & 0o777 == 0o600


def test_lease_that_is_kept_is_read_without_a_seat(library, programs, pc, key):
    says = Says(size=ctypes.sizeof(Says))
    read = functools.partial(library.cl_read_lease, ctypes.byref(asks()), None)
    none = read(ctypes.c_double(0), ctypes.byref(says)), says.verdict

    subprocess.run([programs / "example_c"], input=b"", capture_output=True, timeout=20)
    runs = read(ctypes.c_double(0), ctypes.byref(says)), says.verdict
    until = says.until
    over = read(ctypes.c_double(until + 1), ctypes.byref(says)), says.verdict
    other = library.cl_read_lease(
        ctypes.byref(asks()), b"a.b.c", ctypes.c_double(0), ctypes.byref(says)
    )

    assert (none, runs, over) == ((OK, NO_LEASE), (OK, RUNS), (OK, OVER))
    assert until > time.time() + 3600
    assert (other, says.verdict, says.why) == (OK, NOT_VALID, b"malformed")
    assert not ClientSession.objects.active().exists()


def test_what_was_typed_is_read_and_nothing_kept(library, pc):
    text = ctypes.create_string_buffer(15)

    assert library.cl_read_serial_number(b"10ab cd23 efe3", text, 15) == OK
    assert text.value == b"10AB-CD23-EFE3"
    assert library.cl_read_serial_number(b"10ab cd23 efe3", text, 14) == WRONG_ARGUMENT
    assert library.cl_read_serial_number(b"10ab cd23 efe4", text, 15) == WRONG_SERIAL
    assert library.cl_read_product_key(b"01234", text, 15) == WRONG_KEY
    assert not (pc.home / "config").exists()


def test_report_is_cut_where_its_place_ends(library, pc):
    size, text = ctypes.c_size_t(20), ctypes.create_string_buffer(20)

    assert library.cl_doctor(ctypes.byref(asks()), text, ctypes.byref(size)) == OK

    assert text.value == b"cloud-licence C++ 1"
    assert size.value > 200


def report_of(library) -> bytes:
    """What the doctor says."""
    size, text = ctypes.c_size_t(8000), ctypes.create_string_buffer(8000)
    assert library.cl_doctor(ctypes.byref(asks()), text, ctypes.byref(size)) == OK
    return text.value


def test_report_without_an_address_says_once_that_there_is_none(library, pc):
    text = report_of(library)

    assert text.count(b"ServiceUrl is not set.") == 1
    assert b"no address" not in text


def test_report_shows_no_password_of_an_address(library, pc):
    key = SimpleNamespace(serial_number="1", plain="2")
    pc.set_policy(key, "http://me:secret@127.0.0.1:1", Proxy="http://me:secret@127.0.0.1:2")

    text = report_of(library)

    assert b"ServiceUrl = http://127.0.0.1:1 (machine policy)" in text
    assert b"Proxy = http://127.0.0.1:2 (machine policy)" in text
    assert b"secret" not in text


def test_report_names_a_proxy_that_can_be_none(library, pc):
    key = SimpleNamespace(serial_number="1", plain="2")
    pc.set_policy(key, "http://127.0.0.1:1", Proxy="::::")

    text = report_of(library)

    assert b"BAD The proxy :::: is no address of HTTP." in text
