"""Texts that go along: the silent installation, golden images and Citrix, and the README."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings

from portal.deployment.values import Deployment

if TYPE_CHECKING:
    from portal.deployment.files import DeploymentFile


def install_line(deployment: Deployment) -> bytes:
    """The command line of a silent installation that writes the values as machine preference."""
    properties = " ".join(
        f"{value.name.upper()}={quoted(str(value.data))}" for value in deployment.values()
    )
    return encoded(
        [
            f'msiexec /i "{settings.POLICY_PRODUCT}.msi" /qn /norestart {properties}',
            "",
            "It writes the values as the computer's setting, which both policies overrule.",
            "Windows keeps command lines in its event log where auditing of processes is on:",
            "prefer a policy there.",
            *(["In a batch file write each % twice."] if "%" in properties else []),
        ]
    )


def quoted(text: str) -> str:
    """A property's value: in quotes, those inside it doubled."""
    return '"' + text.replace('"', '""') + '"'


def golden_images(deployment: Deployment) -> bytes:
    """What to mind where machines are copied, or many people share one."""
    return encoded(
        [
            f"Golden images and Citrix: {deployment.licence_name}",
            "",
            "Golden image: install the program and apply the policy, but do not start the program",
            "before you seal the image. Nothing that names a machine is in these files.",
            "Cloned machines need names of their own: who a session is goes by machine name,",
            "user name and, in remote sessions, the number of the session.",
            "",
            "Virtual desktops that share one machine name: one person on two of them is one",
            "session with one seat, and closing the program on one gives the seat of both back.",
            "Two people take a seat each all the same. A release, a block and the lists name the",
            "machine, and so mean all that bear its name; a single-user licence takes them for one",
            "device. Let the broker give each machine a name of its own (for example VDI-###).",
            "",
            "Citrix and Remote Desktop: each session takes one seat, so one person in two",
            "sessions takes two. A session that is disconnected keeps its seat until the program",
            "is closed or its seats come back after the licence's time.",
            "A single-user licence binds each of its seats to one machine and suits no farm:",
            "use a concurrent licence there.",
            "",
            "Non-persistent machines: the program's own folder of the user profile holds the lease",
            "that lets it go on offline; roam or keep it, or people start anew each time, which",
            "takes no second seat.",
        ]
    )


def readme(deployment: Deployment, files: Iterable[DeploymentFile]) -> bytes:
    """What each file is for, where it writes and how it is undone."""
    lines = [
        f"Licence {deployment.licence_name}, serial number {deployment.serial_number}",
        "",
        "These files hold the product key. Keep them where only administrators read.",
        "Use one way, not several. A changed policy takes effect at the program's next start.",
        "",
        "A program reads, in this order: computer policy, user policy, computer setting, what the",
        "user typed. Serial number and product key always come as a pair from one place.",
    ]
    for file in files:
        lines += ["", file.name, f"  {file.does}", f"  Run by: {file.run_by}",
                  f"  Writes: {file.writes}", f"  Undo: {file.undo}",
                  f"  Check: {file.check}"]  # fmt: skip
    return encoded([*lines, "", "SHA256SUMS.txt holds the SHA-256 of every file."])


def encoded(lines: list[str]) -> bytes:
    """Plain text for Windows: UTF-8 with a byte order mark, CRLF."""
    return b"\xef\xbb\xbf" + "\r\n".join([*lines, ""]).encode()
