"""Which values are in force, and where they are read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cloud_licence import policy

DEPLOYMENT = Path(__file__).parents[2] / "portal/deployment"


def test_client_and_product_have_one_table():
    table = Path(policy.__file__).with_name("policy_values.json").read_bytes()

    assert (DEPLOYMENT / "policy_values.json").read_bytes() == table


@pytest.fixture
def etc(tmp_path, monkeypatch):
    """A machine's folders, all empty."""
    monkeypatch.setenv("CLOUD_LICENCE_ETC", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_DIRS", raising=False)
    monkeypatch.setenv("USER", "jsmith")
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_files_are_read_level_by_level(etc):
    write(etc / "elecosoft/powerproject/licensing.policy", "\ufeff# IT\nProxy = direct\n")
    write(etc / "elecosoft/powerproject/users/jsmith.policy", "ContactText = Ask = Łukasz\n")
    write(
        etc / "xdg/elecosoft/powerproject/licensing.conf",
        "SerialNumber=PR\nProductKey=KEY\nProxy=http://proxy.example",
    )

    found = policy.read("Elecosoft", "Powerproject")

    assert (found.proxy, found.contact_text) == ("direct", "Ask = Łukasz")
    assert (found.serial_number, found.product_key) == ("PR", "KEY")


def test_what_the_user_typed_is_kept_for_that_user_only(etc):
    policy.write_own_entry("Elecosoft", "Powerproject", {"ServiceUrl": "https://a.example"})

    typed = {"SerialNumber": "S", "ProductKey": "SECRET"}
    policy.write_own_entry("Elecosoft", "Powerproject", typed)

    found = policy.read("Elecosoft", "Powerproject")
    (kept,) = (etc / "home").rglob("licensing.conf")
    assert (found.service_url, found.serial_number, found.product_key) == (
        "https://a.example", "S", "SECRET",
    )  # fmt: skip
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "SECRET" not in repr(found)
