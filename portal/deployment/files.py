"""All files of one deployment, each with what it does, and together as a zip."""

from __future__ import annotations

import hashlib
import io
import zipfile

from django.utils.translation import gettext as _

from portal.deployment import intune, notes, policy_template, powershell, registry_file
from portal.deployment.described import DeploymentFile
from portal.deployment.values import Deployment, Scope, policy_key

ZIP_NAME = "licence-deployment.zip"
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
HIVES_OF_PEOPLE = r"HKEY_USERS\<SID>\%s"
CENTRAL_STORE = r"\\DOMAIN\SYSVOL\DOMAIN\Policies\PolicyDefinitions"


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
            _("An administrator, or what distributes software as SYSTEM."),
            _("%s, which policies overrule.") % deployment.preference_key,
            _("Delete %s.") % deployment.preference_key,
            _("“reg query %s” shows the values.") % deployment.preference_key,
        ),
        DeploymentFile(
            "golden-images-and-citrix.txt",
            notes.golden_images(deployment),
            _("What to mind with images, Citrix and Remote Desktop."),
            _("Nobody: it is for reading."),
            _("Nothing."),
            _("There is nothing to undo."),
            _("Each copy appears among the sessions under a machine name of its own."),
        ),
    ]


def for_one_machine(deployment: Deployment) -> list[DeploymentFile]:
    """What sets the policy on a single machine, and what takes it away."""
    if deployment.scope == Scope.USER:
        return for_users_of_one_machine(deployment)
    return [
        DeploymentFile(
            "set.reg",
            registry_file.setting(deployment),
            _("Sets the policy on one machine, by a double click or “reg import”."),
            _("An administrator."),
            deployment.key,
            "remove.reg",
            _("“reg query %s” shows the values.") % deployment.key,
        ),
        DeploymentFile(
            "remove.reg",
            registry_file.removing(deployment),
            _("Takes the policy of one machine away."),
            _("An administrator."),
            _("Deletes %s.") % deployment.key,
            "set.reg",
            _("“reg query %s” finds nothing.") % deployment.key,
        ),
    ]


def for_users_of_one_machine(deployment: Deployment) -> list[DeploymentFile]:
    """Scripts for everybody who is signed in to one machine.

    A registry file would not do: people may not write policies, their own included, and what an
    administrator imports is written for the administrator.
    """
    return [
        DeploymentFile(
            "set-users.ps1",
            powershell.remediation(deployment),
            _("Sets the policy for everybody who is signed in to one machine now."),
            _("An administrator, or SYSTEM. People may not write policies, their own included."),
            HIVES_OF_PEOPLE % policy_key(),
            "remove-users.ps1",
            _("As the user, “reg query %s” shows the values.") % deployment.key,
        ),
        DeploymentFile(
            "remove-users.ps1",
            powershell.removal(deployment),
            _("Takes the policy of everybody who is signed in to one machine away."),
            _("An administrator, or SYSTEM."),
            _("Deletes %s.") % (HIVES_OF_PEOPLE % policy_key()),
            "set-users.ps1",
            _("As the user, “reg query %s” finds nothing.") % deployment.key,
        ),
    ]


def for_group_policy(deployment: Deployment) -> list[DeploymentFile]:
    """The script that does it all, and the policy template for whoever prefers the editor."""
    name = policy_template.prefix()
    template = [
        (f"{name}.admx", policy_template.admx(), CENTRAL_STORE),
        *(
            (
                f"{language}/{name}.adml",
                policy_template.adml(language),
                f"{CENTRAL_STORE}\\{language}",
            )
            for language in policy_template.LANGUAGES
        ),
    ]
    return [
        DeploymentFile(
            "group-policy.ps1",
            powershell.group_policy(deployment),
            _("Makes the Group Policy object and links it; run it with -WhatIf first."),
            _("Whoever may make and link Group Policy objects. PCs apply it as SYSTEM."),
            _("A Group Policy object that sets %s.") % deployment.key,
            _("Remove-GPO with the object's name."),
            _("On a PC “gpupdate /force”; then “gpresult /r” names the object."),
        ),
        *(
            DeploymentFile(
                file,
                content,
                _("Policy template for the Group Policy editor: the same for all, without a key."),
                _("Whoever may write to the central store."),
                _("Nothing. Copy it to %s.") % folder,
                _("Delete the file."),
                _("The Group Policy editor has it under Administrative Templates."),
            )
            for file, content, folder in template
        ),
    ]


def for_intune(deployment: Deployment) -> list[DeploymentFile]:
    """Rows of a custom profile, or two scripts that look and write in the same places."""
    is_for_users = deployment.scope == Scope.USER
    as_system = _("Intune, as SYSTEM: leave “Run this script using the logged-on credentials” off.")
    return [
        DeploymentFile(
            "intune-oma-uri.csv",
            intune.rows(deployment),
            _("Rows of a custom profile for Intune; they bring the policy template along."),
            _("Intune. Assign the profile to users.")
            if is_for_users
            else _("Intune. Assign the profile to devices."),
            deployment.key,
            _("Unassign the profile."),
            _("The profile's device status in Intune says Succeeded."),
        ),
        DeploymentFile(
            "intune-detect.ps1",
            powershell.detection(deployment),
            _("Detection script for Intune: 0 when the values are right, else 1."),
            as_system,
            _("Nothing."),
            _("There is nothing to undo."),
            _("Run it on a PC: it says whether the values are right."),
        ),
        DeploymentFile(
            "intune-remediate.ps1",
            powershell.remediation(deployment),
            _("Remediation script for Intune: writes the values."),
            as_system,
            HIVES_OF_PEOPLE % policy_key() if is_for_users else deployment.key,
            "remove-users.ps1" if is_for_users else "remove.reg",
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
