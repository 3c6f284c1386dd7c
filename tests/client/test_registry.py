"""The levels in Windows' registry, read through a registry that is a dictionary."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType, SimpleNamespace

import pytest

from cloud_licence import policy

POLICIES = r"Software\Policies\Elecosoft\Powerproject\Licensing"
PREFERENCES = r"Software\Elecosoft\Powerproject\Licensing"


class Key(SimpleNamespace):
    """An open key."""

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        return None


@pytest.fixture
def hives(monkeypatch):
    """Values by hive and key, as ``winreg`` shows them; only the 64-bit view has any."""
    kept = {}

    def open_key(hive, path, reserved, access):
        if (hive, path) not in kept or not access & 256:
            raise FileNotFoundError
        return Key(values=kept[hive, path])

    winreg = ModuleType("winreg")
    winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER = "HKLM", "HKCU"
    winreg.KEY_READ, winreg.KEY_WRITE, winreg.KEY_WOW64_64KEY, winreg.REG_SZ = 1, 2, 256, 1
    winreg.OpenKey = open_key
    winreg.CreateKeyEx = lambda hive, path, reserved, access: Key(
        values=kept.setdefault((hive, path), {})
    )
    winreg.QueryInfoKey = lambda key: (0, len(key.values), 0)
    winreg.EnumValue = lambda key, index: (*list(key.values.items())[index], 1)
    winreg.SetValueEx = lambda key, name, reserved, kind, value: key.values.update({name: value})
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    monkeypatch.delitem(sys.modules, "cloud_licence.registry", raising=False)
    return kept


def test_levels_are_the_policy_keys_and_the_preference_keys(hives):
    hives["HKLM", POLICIES] = {"ServiceUrl": "https://a.example", "AllowUserEntry": 1}
    hives["HKCU", POLICIES] = {"ContactText": "Ask Łukasz", "Strange": b"binary"}
    hives["HKLM", PREFERENCES] = {"TimeoutSeconds": 5}
    registry = importlib.import_module("cloud_licence.registry")

    registry.write_own_entry("Elecosoft", "Powerproject", {"SerialNumber": "S", "ProductKey": "K"})

    found = policy.effective(registry.levels("Elecosoft", "Powerproject"))
    assert hives["HKCU", PREFERENCES] == {"SerialNumber": "S", "ProductKey": "K"}
    assert found.sources == {
        "ServiceUrl": "machine policy",
        "AllowUserEntry": "machine policy",
        "ContactText": "user policy",
        "TimeoutSeconds": "machine preference",
        "SerialNumber": "own entry",
        "ProductKey": "own entry",
    }
