"""All files of one deployment, each with what it does, and together as a zip."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.deployment import intune, notes, policy_template, powershell, registry_file
from portal.deployment.values import Deployment

ZIP_NAME = "licence-deployment.zip"
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
CENTRAL_STORE = r"\\DOMAIN\SYSVOL\DOMAIN\Policies\PolicyDefinitions"


@dataclass(frozen=True, slots=True)
class DeploymentFile:
    """A file, and in words what it does, where it writes, how that is undone and checked."""

    name: str
    content: bytes
    does: str
    writes: str
    undo: str
    check: str

    @property
    def sha256(self) -> str:
        """The file's checksum, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def files(deployment: Deployment) -> list[DeploymentFile]:
    """Every file, the ready ones for one machine first."""
    return [
        *for_one_machine(deployment),
        *for_group_policy(deployment),
        *for_intune(deployment),
        DeploymentFile(
            "silent-install.txt",
            notes.install_line(deployment),
            _("The command line of a silent installation."),
            _("%s, which policies overrule.") % deployment.preference_key,
            _("Delete %s.") % deployment.preference_key,
            _("“reg query %s” shows the values.") % deployment.preference_key,
        ),
        DeploymentFile(
            "golden-images-and-citrix.txt",
            notes.golden_images(deployment),
            _("What to mind with images, Citrix and Remote Desktop."),
            _("Nothing."),
            _("There is nothing to undo."),
            _("Each copy appears among the sessions under a machine name of its own."),
        ),
    ]


def for_one_machine(deployment: Deployment) -> list[DeploymentFile]:
    """Registry files that set the policy and take it away."""
    return [
        DeploymentFile(
            "set.reg",
            registry_file.setting(deployment),
            _("Sets the policy on one machine, by a double click or “reg import”."),
            deployment.key,
            "remove.reg",
            _("“reg query %s” shows the values.") % deployment.key,
        ),
        DeploymentFile(
            "remove.reg",
            registry_file.removing(deployment),
            _("Takes the policy of one machine away."),
            _("Deletes %s.") % deployment.key,
            "set.reg",
            _("“reg query %s” finds nothing.") % deployment.key,
        ),
    ]


def for_group_policy(deployment: Deployment) -> list[DeploymentFile]:
    """The script that does it all, and the policy template for whoever prefers the editor."""
    name = policy_template.prefix()
    template = [
        (f"{name}.admx", policy_template.admx(), CENTRAL_STORE),
        *(
            (f"{language}/{name}.adml", policy_template.adml(), f"{CENTRAL_STORE}\\{language}")
            for language in policy_template.LANGUAGES
        ),
    ]
    return [
        DeploymentFile(
            "group-policy.ps1",
            powershell.group_policy(deployment),
            _("Makes the Group Policy object and links it; run it with -WhatIf first."),
            _("A Group Policy object that sets %s.") % deployment.key,
            _("Remove-GPO with the object's name."),
            _("On a PC “gpupdate /force”; then “gpresult /r” names the object."),
        ),
        *(
            DeploymentFile(
                file,
                content,
                _("Policy template for the Group Policy editor: the same for all, without a key."),
                _("Nothing. Copy it to %s.") % folder,
                _("Delete the file."),
                _("The Group Policy editor has it under Administrative Templates."),
            )
            for file, content, folder in template
        ),
    ]


def for_intune(deployment: Deployment) -> list[DeploymentFile]:
    """Rows of a custom profile, or two scripts."""
    return [
        DeploymentFile(
            "intune-oma-uri.csv",
            intune.rows(deployment),
            _("Rows of a custom profile for Intune; they bring the policy template along."),
            deployment.key,
            _("Unassign the profile."),
            _("The profile's device status in Intune says Succeeded."),
        ),
        DeploymentFile(
            "intune-detect.ps1",
            powershell.detection(deployment),
            _("Detection script for Intune: 0 when the values are right, else 1."),
            _("Nothing."),
            _("There is nothing to undo."),
            _("Run it on a PC: it says whether the values are right."),
        ),
        DeploymentFile(
            "intune-remediate.ps1",
            powershell.remediation(deployment),
            _("Remediation script for Intune: writes the values."),
            deployment.key,
            "remove.reg",
            _("The detection script then says that the values are right."),
        ),
    ]


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
