"""The registry: where Windows keeps each policy level. Imported on Windows only."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from cloud_licence.levels import (
    MACHINE_POLICY,
    MACHINE_PREFERENCE,
    OWN_ENTRY,
    TABLE,
    USER_POLICY,
    Level,
)

INTERNET_SETTINGS = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
CRYPTOGRAPHY = r"SOFTWARE\Microsoft\Cryptography"

winreg: Any = importlib.import_module("winreg")


def levels(vendor: str, product: str) -> dict[str, Level]:
    """The values of each level, in the 64-bit view for machine levels."""
    return {
        level: values_of(hive, path) for level, (hive, path) in keys_of(vendor, product).items()
    }


def keys_of(vendor: str, product: str) -> dict[str, tuple[Any, str]]:
    """The hive and key of each level."""
    path = TABLE["path"].format(vendor=vendor, product=product)
    policies = f"{TABLE['policies_key']}\\{path}"
    preferences = f"{TABLE['preferences_key']}\\{path}"
    return {
        MACHINE_POLICY: (winreg.HKEY_LOCAL_MACHINE, policies),
        USER_POLICY: (winreg.HKEY_CURRENT_USER, policies),
        MACHINE_PREFERENCE: (winreg.HKEY_LOCAL_MACHINE, preferences),
        OWN_ENTRY: (winreg.HKEY_CURRENT_USER, preferences),
    }


def values_of(hive: Any, path: str) -> Level:
    """The texts and numbers of one key; none if it is not there or may not be read."""
    try:
        key = winreg.OpenKey(hive, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
    except OSError:
        return {}
    with key:
        _, count, _ = winreg.QueryInfoKey(key)
        rows = [winreg.EnumValue(key, index) for index in range(count)]
    return {name: value for name, value, _ in rows if isinstance(value, str | int)}


def machine_guid() -> str:
    """What Windows called this machine when it was installed; empty if it does not say."""
    return str(values_of(winreg.HKEY_LOCAL_MACHINE, CRYPTOGRAPHY).get("MachineGuid", ""))


def proxy_script() -> str:
    """The script (PAC) that the user's Internet settings name for finding the proxy, if any."""
    return str(values_of(winreg.HKEY_CURRENT_USER, INTERNET_SETTINGS).get("AutoConfigURL", ""))


def write_own_entry(vendor: str, product: str, values: Mapping[str, str]) -> None:
    """Keep what the user typed. Raise OSError."""
    hive, path = keys_of(vendor, product)[OWN_ENTRY]
    with winreg.CreateKeyEx(hive, path, 0, winreg.KEY_WRITE | winreg.KEY_WOW64_64KEY) as key:
        for name, value in values.items():
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)
