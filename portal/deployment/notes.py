"""Texts that go along: the silent installation, golden images and Citrix, and the README."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from portal.deployment.described import DeploymentFile
from portal.deployment.values import Deployment

WIDTH = 88
"""Characters of a line: what Notepad shows without a scroll bar."""


def install_line(deployment: Deployment) -> bytes:
    """The command line of a silent installation that writes the values as machine preference."""
    properties = " ".join(
        f"{value.name.upper()}={quoted(str(value.data))}" for value in deployment.values()
    )
    notes = [
        _("It writes the values as the computer's setting, which both policies overrule."),
        _(
            "Windows keeps command lines in its event log where auditing of processes is on: "
            "prefer a policy there."
        ),
    ]
    if "%" in properties:
        notes.append(_("In a batch file write each percent sign twice."))
    line = f'msiexec /i "{settings.POLICY_PRODUCT}.msi" /qn /norestart {properties}'
    return encoded([line, *paragraphs(notes)])


def quoted(text: str) -> str:
    """A property's value: in quotes, those inside it doubled."""
    return '"' + text.replace('"', '""') + '"'


def golden_images(deployment: Deployment) -> bytes:
    """What to mind where machines are copied, or many people share one."""
    head = _("Golden images and Citrix: %s") % deployment.licence_name
    notes = [
        _(
            "Golden image: install the program and apply the policy, but do not start the program "
            "before you seal the image. Nothing that names a machine is in these files. Cloned "
            "machines need names of their own: who a session is goes by machine name, user name "
            "and, in remote sessions, the number of the session."
        ),
        _(
            "Virtual desktops that share one machine name: a program that sends an id of its "
            "installation counts each of them apart. Of a program that sends none, one person on "
            "two of them is one session with one seat, and closing it on one gives the seat of "
            "both back. Two people take a seat each all the same. A release, a block and the lists "
            "name the machine, and so mean all that bear its name; a single-user licence takes "
            "them for one device. Let the broker give each machine a name of its own (for example "
            "VDI-###)."
        ),
        _(
            "Citrix and Remote Desktop: each session takes one seat, so one person in two sessions "
            "takes two. A session that is disconnected keeps its seat until the program is closed "
            "or its seats come back after the licence's time. When a server has restarted, its "
            "people get seats in a full pool too: their own sessions there that are over make "
            "way after some minutes. A single-user licence binds each of "
            "its seats to one machine and suits no farm: use a concurrent licence there."
        ),
        _(
            "Non-persistent machines: the program's own folder of the user profile holds the lease "
            "that lets it go on offline and the id of the installation; keep it or let it roam. "
            "Otherwise people start anew each time, and a session that was not closed keeps its "
            "seat beside the new one until its seat comes back after the licence's time."
        ),
    ]
    return encoded([head, *paragraphs(notes)])


def readme(deployment: Deployment, files: Iterable[DeploymentFile]) -> bytes:
    """What each file is for, who runs it, where it writes and how it is undone."""
    named = {"licence": deployment.licence_name, "serial": deployment.serial_number}
    notes = [
        _(
            "These files hold the product key. Keep them where only administrators read. "
            "Use one way, not several. A changed policy takes effect at the program's next start."
        ),
        _(
            "A program reads, in this order: computer policy, user policy, computer setting, what "
            "the user typed. Serial number and product key always come as a pair from one place."
        ),
    ]
    return encoded(
        [
            _("Licence %(licence)s, serial number %(serial)s") % named,
            *paragraphs(notes),
            *(line for file in files for line in facts(file)),
            "",
            _("SHA256SUMS.txt holds the SHA-256 of every file."),
        ]
    )


def facts(file: DeploymentFile) -> list[str]:
    """A file's lines in the README."""
    return [
        "",
        file.name,
        f"  {file.does}",
        f"  {_('Run by:')} {file.run_by}",
        f"  {_('Writes:')} {file.writes}",
        f"  {_('Undo:')} {file.undo}",
        f"  {_('Check:')} {file.check}",
    ]


def paragraphs(texts: Iterable[str]) -> Iterator[str]:
    """The lines of each text, with an empty one before it."""
    for text in texts:
        yield ""
        yield from textwrap.wrap(text, WIDTH)


def encoded(lines: list[str]) -> bytes:
    """Plain text for Windows: UTF-8 with a byte order mark, CRLF."""
    return b"\xef\xbb\xbf" + "\r\n".join([*lines, ""]).encode()
