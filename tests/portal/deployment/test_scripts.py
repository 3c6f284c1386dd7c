"""PowerShell and Intune: whatever people write stays text.

The scripts are parsed by tree-sitter's grammar of PowerShell. It knows only the straight quote
as a text's end, and PowerShell five: ``literals`` reads the texts as PowerShell does.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from xml.etree import ElementTree as ET

import pytest

from portal.deployment import intune, policy_template, powershell
from tests.portal.deployment.powershell_trees import shape
from tests.portal.deployment.texts import AWKWARD

QUOTES = "'‘’‚‛"
SCRIPTS = [
    powershell.group_policy, powershell.detection, powershell.remediation, powershell.removal
]  # fmt: skip
WITH_VALUES = SCRIPTS[:-1]


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


def problems(script: bytes) -> list[str]:
    """What the parser could not read."""
    return [kind for kind in shape(script) if kind.startswith(("ERROR", "missing"))]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_powershell(deployment, for_users, script):
    assert problems(script(deployment)) == problems(script(for_users)) == []


def test_the_parser_finds_what_is_not_powershell(deployment):
    script = powershell.group_policy(deployment)

    assert problems(script.replace(b"foreach ($value in", b"foreach ($value"))
    assert problems(script.replace(b")\r\n\r\n$gpo", b"\r\n$gpo"))


@pytest.mark.parametrize("script", WITH_VALUES)
@pytest.mark.parametrize(
    "text",
    [
        AWKWARD,
        "O'Brien's",
        "'; Remove-Item C:\\ -Recurse; '",
        "’ ; exit ; ‘",
        "$(exit) `' ${x} @('a')",
        "#> <# {",
        "} ) ] @' '@ \"@",
        "C:\\",
        "'",
    ],
)
def test_no_text_changes_what_a_script_does(deployment, script, text):
    """Not its contact, its key nor its licence's name: the tree stays as it is with plain ones."""
    plain = dataclasses.replace(deployment, contact_text="x", licence_name="x", product_key="x")
    awkward = dataclasses.replace(
        deployment, contact_text=text, licence_name=text, product_key=text
    )

    assert shape(script(awkward)) == shape(script(plain))
    assert text in literals(script(awkward))


@pytest.mark.parametrize("script", WITH_VALUES)
def test_a_text_is_never_read_as_code(deployment, script):
    found = literals(script(deployment))

    assert AWKWARD in found
    assert "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567" in found


def test_scripts_are_such_as_windows_powershell_reads(deployment):
    script = powershell.group_policy(deployment)

    assert script.startswith(b"\xef\xbb\xbf<#")
    assert b"\n" not in script.replace(b"\r\n", b"")
    assert b"SupportsShouldProcess" in script


def test_a_group_policy_for_users_is_one_for_users(for_users):
    """PCs apply it as SYSTEM, to whoever signs in."""
    assert b"'HKCU\\Software\\Policies" in powershell.group_policy(for_users)


@pytest.mark.parametrize(
    "script", [powershell.detection, powershell.remediation, powershell.removal]
)
def test_scripts_for_machines_name_the_hives_of_people(for_users, script):
    """HKCU would be the hive of whoever runs them, and people may not write their own policies."""
    text = script(for_users).decode()

    assert "HKCU" not in text
    assert "Registry::HKEY_USERS\\$($_.PSChildName)\\$path" in text
    assert text.startswith("\ufeff#Requires -RunAsAdministrator")


def test_detection_looks_where_remediation_writes(deployment, for_users):
    for wanted in (deployment, for_users):
        head = "\r\n".join(powershell.head(wanted))

        assert head in powershell.detection(wanted).decode()
        assert head in powershell.remediation(wanted).decode()


@pytest.mark.parametrize(
    ("sid", "is_a_person"),
    [
        ("S-1-5-21-397955417-626881126-188441444-1001", True),  # of a machine or a domain
        ("S-1-12-1-3546516530-1118457402-2889426590-2906331211", True),  # of Microsoft Entra ID
        ("S-1-5-21-397955417-626881126-188441444-1001_Classes", False),
        ("S-1-5-18", False),  # SYSTEM
        (".DEFAULT", False),
    ],
)
def test_only_people_have_the_policy(sid, is_a_person):
    assert bool(re.search(powershell.SIDS_OF_PEOPLE, sid)) is is_a_person


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
