"""PowerShell: the Group Policy object, Intune's two scripts, and those for one machine's users."""

from __future__ import annotations

import re

from portal.deployment.values import Deployment, Scope, Value, policy_key

SINGLE_QUOTES = re.compile("(['‘’‚‛])")
"""PowerShell takes each of these for the end of a quoted text."""
SIDS_OF_PEOPLE = r"^S-1-(5-21|12-1)-[\d-]+$"
"""The hives of people: of a machine or domain, and of Microsoft Entra ID; no services."""


def quoted(text: str) -> str:
    """The text as a PowerShell literal: nothing in it is read as code."""
    return "'" + SINGLE_QUOTES.sub(r"\1\1", text) + "'"


def literal(value: Value) -> str:
    """A value's data as PowerShell writes it."""
    return quoted(value.data) if isinstance(value.data, str) else str(value.data)


def kind(value: Value) -> str:
    """The registry type as PowerShell calls it."""
    return "String" if value.is_text else "DWord"


def rows(deployment: Deployment) -> list[str]:
    """The values as rows of an array of hash tables."""
    return [
        f"    @{{ Name = {quoted(value.name)}; Type = {quoted(kind(value))}; "
        f"Value = {literal(value)} }}"
        for value in deployment.values()
    ]


def group_policy(deployment: Deployment) -> bytes:
    """Makes the object, or changes the one of that name, and links it where you say."""
    return encoded(
        [
            "<#",
            ".SYNOPSIS",
            "Makes a Group Policy object that gives programs their licence, and links it.",
            ".DESCRIPTION",
            "Needs the GroupPolicy module and the right to make and link objects. Run it with",
            "-WhatIf first: it then says what it would do and changes nothing.",
            "Undo: Remove-GPO -Name with the same name.",
            ".EXAMPLE",
            ".\\group-policy.ps1 -Target 'OU=Planners,DC=example,DC=com' -WhatIf",
            "#>",
            "[CmdletBinding(SupportsShouldProcess)]",
            "param(",
            f"    [string]$Name = {quoted(object_name(deployment))},",
            "    [string]$Target",
            ")",
            "$ErrorActionPreference = 'Stop'",
            "Import-Module GroupPolicy",
            f"$key = {quoted(deployment.drive_path.replace(':', ''))}",
            "$values = @(",
            *rows(deployment),
            ")",
            "",
            "$gpo = Get-GPO -Name $Name -ErrorAction SilentlyContinue",
            "if (-not $gpo -and $PSCmdlet.ShouldProcess($Name, 'Make the Group Policy object')) {",
            "    $gpo = New-GPO -Name $Name",
            "}",
            "foreach ($value in $values) {",
            "    if ($PSCmdlet.ShouldProcess(\"$key\\$($value.Name)\", 'Set the policy value')) {",
            "        $null = Set-GPRegistryValue -Name $Name -Key $key -ValueName $value.Name `",
            "            -Type $value.Type -Value $value.Value",
            "    }",
            "}",
            "if ($Target -and $PSCmdlet.ShouldProcess($Target, 'Link the Group Policy object')) {",
            "    $null = New-GPLink -Name $Name -Target $Target -ErrorAction Continue",
            "}",
        ]
    )


def object_name(deployment: Deployment) -> str:
    """What the Group Policy object is called."""
    return f"Licence: {deployment.licence_name} ({deployment.serial_number})"


def detection(deployment: Deployment) -> bytes:
    """Intune's detection script: exit code 0 when every value is as it should be, else 1.

    It looks where the remediation writes, and like it runs as SYSTEM.
    """
    return encoded(
        [
            *head(deployment),
            "foreach ($key in $keys) {",
            "    foreach ($value in $values) {",
            "        $found = Get-ItemProperty -LiteralPath $key -Name $value.Name "
            "-ErrorAction SilentlyContinue",
            "        if (-not $found -or $found.($value.Name) -cne $value.Value) {",
            "            Write-Output 'The licence policy is not as it should be.'",
            "            exit 1",
            "        }",
            "    }",
            "}",
            "Write-Output 'The licence policy is as it should be.'",
            "exit 0",
        ]
    )


def remediation(deployment: Deployment) -> bytes:
    """Writes the values: Intune's remediation script, and by hand for one machine's users."""
    return encoded(
        [
            *head(deployment),
            "foreach ($key in $keys) {",
            "    if (-not (Test-Path -LiteralPath $key)) { $null = New-Item -Path $key -Force }",
            "    foreach ($value in $values) {",
            "        $null = New-ItemProperty -LiteralPath $key -Name $value.Name `",
            "            -PropertyType $value.Type -Value $value.Value -Force",
            "    }",
            "}",
        ]
    )


def removal(deployment: Deployment) -> bytes:
    """Takes the policy away again, of everybody who is signed in to the machine."""
    return encoded(
        [
            *without_values(deployment),
            "foreach ($key in $keys) {",
            "    if (Test-Path -LiteralPath $key) { Remove-Item -LiteralPath $key -Recurse }",
            "}",
        ]
    )


def head(deployment: Deployment) -> list[str]:
    """What scripts for machines begin with: whose right they need, where they look, the values."""
    return [*without_values(deployment), "$values = @(", *rows(deployment), ")"]


def without_values(deployment: Deployment) -> list[str]:
    """The same for a script that needs no values."""
    return ["#Requires -RunAsAdministrator", "$ErrorActionPreference = 'Stop'", *keys(deployment)]


def keys(deployment: Deployment) -> list[str]:
    """``$keys``: the registry keys that hold the policy on one machine.

    The policies of a user are closed to the user, and the HKCU of whoever may write them, SYSTEM
    or an administrator, is not the user's: so those of everybody who is signed in are named.
    """
    if deployment.scope == Scope.MACHINE:
        return [f"$keys = @({quoted(deployment.drive_path)})"]
    return [
        f"$path = {quoted(policy_key())}",
        "$people = @(Get-ChildItem -LiteralPath 'Registry::HKEY_USERS' |",
        f"    Where-Object {{ $_.PSChildName -match {quoted(SIDS_OF_PEOPLE)} }})",
        r'$keys = @($people | ForEach-Object { "Registry::HKEY_USERS\$($_.PSChildName)\$path" })',
    ]


def encoded(lines: list[str]) -> bytes:
    """The script with the byte order mark without which Windows PowerShell reads no UTF-8."""
    return b"\xef\xbb\xbf" + "\r\n".join([*lines, ""]).encode()
