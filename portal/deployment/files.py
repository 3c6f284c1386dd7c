"""All files of one deployment, each with what it does, and together as a zip."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass

from portal.deployment import intune, notes, policy_template, powershell, registry_file
from portal.deployment.values import Deployment

ZIP_NAME = "licence-deployment.zip"
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class DeploymentFile:
    """A file, and in words what it does, where it writes and how that is undone."""

    name: str
    content: bytes
    does: str
    writes: str
    undo: str

    @property
    def sha256(self) -> str:
        """The file's checksum, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def files(deployment: Deployment) -> list[DeploymentFile]:
    """Every file, the policy template first."""
    key = deployment.key
    name = policy_template.prefix()
    central = "\\\\DOMAIN\\SYSVOL\\DOMAIN\\Policies\\PolicyDefinitions"
    return [
        DeploymentFile(
            f"{name}.admx", policy_template.admx(),
            "Policy template for the Group Policy editor; the same for all, without a key.",
            f"nothing; copy it to {central}", "delete the file"),
        *(DeploymentFile(
            f"{language}/{name}.adml", policy_template.adml(),
            "The words of the policy template.",
            f"nothing; copy it to {central}\\{language}", "delete the file")
          for language in policy_template.LANGUAGES),
        DeploymentFile(
            "set.reg", registry_file.setting(deployment),
            "Sets the policy on one machine by a double click or `reg import`.",
            key, "remove.reg"),
        DeploymentFile(
            "remove.reg", registry_file.removing(deployment),
            "Takes the policy of one machine away.", f"deletes {key}", "set.reg"),
        DeploymentFile(
            "group-policy.ps1", powershell.group_policy(deployment),
            "Makes the Group Policy object and links it; run it with -WhatIf first.",
            f"a Group Policy object that sets {key}", "Remove-GPO"),
        DeploymentFile(
            "intune-oma-uri.csv", intune.rows(deployment),
            "Rows of a custom profile for Intune.",
            f"{key}, by the policy template that it brings", "unassign the profile"),
        DeploymentFile(
            "intune-detect.ps1", powershell.detection(deployment),
            "Detection script for Intune: 0 when the values are right, else 1.",
            "nothing", "nothing to undo"),
        DeploymentFile(
            "intune-remediate.ps1", powershell.remediation(deployment),
            "Remediation script for Intune: writes the values.", key, "remove.reg"),
        DeploymentFile(
            "silent-install.txt", notes.install_line(deployment),
            "The command line of a silent installation.",
            "the computer's setting, which policies overrule", "change the program's settings"),
        DeploymentFile(
            "golden-images-and-citrix.txt", notes.golden_images(deployment),
            "What to mind with images, Citrix and Remote Desktop.", "nothing", "nothing to undo"),
    ]  # fmt: skip


def bundle(deployment: Deployment) -> bytes:
    """Every file with a README and the checksums, as a zip; the same input gives the same bytes."""
    made = files(deployment)
    contents = {file.name: file.content for file in made}
    contents["README.txt"] = notes.readme(deployment, made)
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in contents.items()]
    contents["SHA256SUMS.txt"] = "\n".join([*sums, ""]).encode()

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP), content)
    return packed.getvalue()
