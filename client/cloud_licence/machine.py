"""The machine: its name, its user, the remote session, who it is, and which processes are alive."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cloud_licence.records import Holder

SYSTEM, SHORTEST_STRUCTURE, UUID_OF_SYSTEM = 1, 4, slice(8, 24)
NO_UUID = ({0x00}, {0xFF})
"""What a board without a UUID says."""
NO_LANGUAGE = ("c", "posix")
"""What an environment says that wants none."""
CITRIX, REMOTE_DESKTOP = "ICA", "RDP"
WORKSTATION = 1


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who holds a seat: this user on this machine, and in this remote session if it is one."""

    machine_name: str
    username: str
    os_session: str = ""


def identity() -> Identity:
    """Who we are."""
    if sys.platform == "win32":
        return windows_identity()
    import pwd

    return Identity(machine_name=os.uname().nodename, username=pwd.getpwuid(os.getuid()).pw_name)


def remote_session(environment: Mapping[str, str], product_type: int, number: int) -> str:
    """The OS session number where many people share one machine, otherwise nothing.

    That is under Citrix, and in a remote desktop session of a server. Somebody who looks at
    his own PC from afar is the same user on the same machine as before.
    """
    name = environment.get("SESSIONNAME", "").upper()
    if name.startswith(CITRIX):
        return str(number)
    if name.startswith(REMOTE_DESKTOP) and product_type != WORKSTATION:
        return str(number)
    return ""


def system_uuids(table: bytes) -> Iterator[str]:
    """The UUIDs that the structures of an SMBIOS table name for the system (type 1)."""
    while len(table) >= SHORTEST_STRUCTURE:
        kind, length = table[0], table[1]
        uuid = table[UUID_OF_SYSTEM]
        is_named = kind == SYSTEM and length >= UUID_OF_SYSTEM.stop <= len(table)
        if is_named and set(uuid) not in NO_UUID:
            yield uuid.hex()
        end = table.find(b"\0\0", length)  # its texts end so
        if length < SHORTEST_STRUCTURE or end < 0:
            return
        table = table[end + 2 :]


def new_id() -> str:
    """An id that nobody else has: a UUID that tells when it was made (version 7 of RFC 9562), so
    that a service need not look for a session of it among those of long ago."""
    import uuid  # only where a seat is asked for

    milliseconds, chance = time.time_ns() // 1_000_000, uuid.uuid4().int & 2**76 - 1
    return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | chance))


def language(environment: Mapping[str, str]) -> str:
    """The language that the user reads, such as ``de``; empty if nothing says so."""
    named = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    said = next((value for value in named if value), "") or language_of_system()
    code = said.replace("_", "-").partition("-")[0].partition(".")[0].lower()
    return "" if code in NO_LANGUAGE else code


if sys.platform == "win32":
    import ctypes

    STILL_ACTIVE, QUERY_LIMITED = 259, 0x1000
    SMBIOS, HEAD_OF_TABLES = 0x52534D42, 8  # "RSMB"

    def language_of_system() -> str:
        """The language in which Windows shows itself to this user."""
        name = ctypes.create_unicode_buffer(85)
        found = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        ctypes.windll.kernel32.LCIDToLocaleName(found, name, len(name), 0)
        return name.value

    def machine_id() -> str:
        """What Windows and the board call this machine; empty if neither says."""
        from cloud_licence import registry  # there is no winreg elsewhere

        named = (registry.machine_guid(), smbios_uuid())
        return " ".join(part for part in named if part)

    def smbios_uuid() -> str:
        """The UUID of the board, or of the virtual machine; empty if there is none."""
        read = ctypes.windll.kernel32.GetSystemFirmwareTable
        table = ctypes.create_string_buffer(read(SMBIOS, 0, None, 0))
        read(SMBIOS, 0, table, len(table))
        return next(system_uuids(table.raw[HEAD_OF_TABLES:]), "")

    def windows_identity() -> Identity:
        """Who we are, as Windows says."""
        number = ctypes.c_uint32()
        ctypes.windll.kernel32.ProcessIdToSessionId(os.getpid(), ctypes.byref(number))
        domain, user = os.environ.get("USERDOMAIN", ""), os.environ.get("USERNAME", "")
        return Identity(
            machine_name=os.environ.get("COMPUTERNAME", ""),
            username=f"{domain}\\{user}" if domain else user,
            os_session=remote_session(
                os.environ, sys.getwindowsversion().product_type, number.value
            ),
        )

    def mark_of(pid: int) -> str:
        """When the process was created; empty if it is not running."""
        kernel = ctypes.windll.kernel32
        process = kernel.OpenProcess(QUERY_LIMITED, False, pid)
        if not process:
            return ""
        code, times = ctypes.c_uint32(), [ctypes.c_uint64() for _ in range(4)]
        kernel.GetExitCodeProcess(process, ctypes.byref(code))
        kernel.GetProcessTimes(process, *[ctypes.byref(time) for time in times])
        kernel.CloseHandle(process)
        return str(times[0].value) if code.value == STILL_ACTIVE else ""
else:

    def language_of_system() -> str:
        """Nothing: elsewhere the environment says it."""
        return ""

    def machine_id() -> str:
        """What the system calls this machine; empty if it does not say."""
        etc = os.environ.get("CLOUD_LICENCE_ETC") or "/etc"
        for path in (f"{etc}/machine-id", "/var/lib/dbus/machine-id"):
            with contextlib.suppress(OSError):
                return Path(path).read_text(encoding="ascii", errors="replace").strip()
        return id_of_mac() if sys.platform == "darwin" else ""

    def id_of_mac() -> str:
        """The UUID of a Mac's board."""
        import ctypes  # only on a Mac

        found, wait = ctypes.create_string_buffer(16), (ctypes.c_long * 2)(1, 0)
        ctypes.CDLL(None).gethostuuid(found, wait)
        return found.raw.hex()

    def mark_of(pid: int) -> str:
        """The boot and the time at which the process started; empty if it is not running."""
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return "" if Path("/proc/self/stat").exists() else mark_by_ps(pid)
        except OSError:
            return ""
        fields = stat.rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else f"{boot} {fields[19]}"

    def mark_by_ps(pid: int) -> str:
        """The time at which the process started, where there is no /proc."""
        import subprocess  # loaded only where there is no /proc

        told = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return told.stdout.strip()


def holder(pid: int) -> Holder | None:
    """The process as a holder; None if it is not running."""
    mark = mark_of(pid)
    return Holder(pid, mark) if mark else None


def is_alive(held: Holder) -> bool:
    """Whether that very process is still running."""
    return mark_of(held.pid) == held.mark
