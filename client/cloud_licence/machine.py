"""The machine: its name, its user, the remote session, and which processes are alive."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cloud_licence.records import Holder

CITRIX, REMOTE_DESKTOP = "ICA", "RDP"
WORKSTATION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
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


if sys.platform == "win32":
    import ctypes

    STILL_ACTIVE, QUERY_LIMITED = 259, 0x1000

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
