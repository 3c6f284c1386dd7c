"""PowerShell and Intune: whatever people write stays text."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree as ET

import pytest

from portal.deployment import intune, policy_template, powershell
from tests.portal.deployment.conftest import AWKWARD

QUOTES = "'‘’‚‛"


def literals(script: bytes) -> list[str]:
    """Every single-quoted text of a script, read as PowerShell reads it."""
    text, found, place = script.decode("utf-8-sig"), [], 0
    while place < len(text):
        if text[place] == "#" and not found and text.startswith("<#"):
            place = text.index("#>") + 2
        if text[place] not in QUOTES:
            place += 1
            continue
        place, read = place + 1, ""
        while text[place] not in QUOTES or text[place + 1] in QUOTES:
            step = 2 if text[place] in QUOTES else 1
            read, place = read + text[place], place + step
        found.append(read)
        place += 1
    return found


@pytest.mark.parametrize(
    "script", [powershell.group_policy, powershell.detection, powershell.remediation]
)
def test_a_text_is_never_read_as_code(deployment, script):
    found = literals(script(deployment))

    assert AWKWARD in found
    assert "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567" in found


def test_scripts_are_such_as_windows_powershell_reads(deployment):
    script = powershell.group_policy(deployment)

    assert script.startswith(b"\xef\xbb\xbf<#")
    assert b"\n" not in script.replace(b"\r\n", b"")
    assert b"SupportsShouldProcess" in script


def test_a_policy_for_users_is_written_for_users(for_users):
    assert b"'HKCU\\Software\\Policies" in powershell.group_policy(for_users)
    assert b"'HKCU:\\Software\\Policies" in powershell.detection(for_users)


def test_numbers_are_numbers(deployment):
    script = powershell.remediation(deployment).decode()

    assert "Name = 'AllowUserEntry'; Type = 'DWord'; Value = 0 }" in script


def rows(deployment):
    text = intune.rows(deployment).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_intune_gets_the_template_first(deployment):
    first = rows(deployment)[0]

    assert first["OMA-URI"] == (
        "./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/"
        "ElecosoftPowerprojectLicensing/Policy/ElecosoftPowerprojectLicensing"
    )
    assert ET.canonicalize(first["Value"]) == ET.canonicalize(policy_template.admx().decode())


def test_intune_sets_each_policy_by_its_elements(deployment):
    values = {row["OMA-URI"].rpartition("/")[2]: row["Value"] for row in rows(deployment)[1:]}

    data = {
        name: {
            element.get("id"): element.get("value")
            for element in ET.fromstring(f"<x>{value}</x>").iter("data")
        }
        for name, value in values.items()
    }
    assert data == {
        "ProductKey": {
            "SerialNumber": "7Q2X-4M8K-9D3T",
            "ProductKey": "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567",
        },
        "ServiceUrl": {"ServiceUrl": "https://licensing.example.com"},
        "Proxy": {"Proxy": "http://proxy.example.com:8080"},
        "ContactText": {"ContactText": AWKWARD},
        "AllowUserEntry": {},
    }
    assert values["AllowUserEntry"] == "<disabled/>"
