"""Running PostgreSQL when we are root, as whom it refuses to run."""

import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError
from devstack.processes import LIBC

PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 1 << 2
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION = 0x20080522
CAP_DAC_OVERRIDE = 1


@dataclass(frozen=True)
class Disguise:
    """As whom a server runs: ``put_on`` is called in the child, ``owner`` owns its files."""

    name: str
    owner: int
    put_on: Callable[[], None]

    def suits(self, program: Path) -> bool:
        """Whether this machine lets us run ``program`` so."""
        try:
            trial = subprocess.run(  # the disguise can only be tried in a child
                [program, "--version"],
                preexec_fn=self.put_on,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return trial.returncode == 0


def choose(program: Path) -> Disguise:
    """How ``program`` can be run here; raise StackError when root has no way to."""
    if os.geteuid() != 0:
        return as_we_are()
    for disguise in (in_user_namespace(), as_nobody()):
        if disguise.suits(program):
            return disguise
    raise StackError(
        "PostgreSQL does not run as root, and this machine allows neither user namespaces nor "
        "the user nobody. Start the product as another user, or set DATABASE_URL."
    )


def as_we_are() -> Disguise:
    """No disguise."""
    return Disguise("as we are", os.geteuid(), lambda: None)


def in_user_namespace() -> Disguise:
    """Root in fact, shown to the program as ``nobody``: it keeps root's access to files."""
    nobody = pwd.getpwnam("nobody")

    def put_on() -> None:
        os.unshare(os.CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{nobody.pw_uid} 0 1")
        Path("/proc/self/gid_map").write_text(f"{nobody.pw_gid} 0 1")

    return Disguise("user namespace", 0, put_on)


def as_nobody() -> Disguise:
    """Really ``nobody``, but with root's access to files.

    Containers often forbid user namespaces. The packages and the data may lie where only root
    can go, so that one capability is kept across the change of user and the start of the program.
    """
    nobody = pwd.getpwnam("nobody")

    def put_on() -> None:
        # Else a change of user takes the capability away, and access(2) overlooks it.
        _require(LIBC.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP))
        os.setgroups([])
        os.setresgid(nobody.pw_gid, nobody.pw_gid, nobody.pw_gid)
        os.setresuid(nobody.pw_uid, nobody.pw_uid, nobody.pw_uid)
        _keep_capability(CAP_DAC_OVERRIDE)

    return Disguise("nobody", nobody.pw_uid, put_on)


def _keep_capability(capability: int) -> None:
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    # Effective, permitted and inheritable; then the same three for capabilities from 32 on.
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    _require(LIBC.capset(header, sets))
    zero = ctypes.c_ulong(0)
    raise_it = ctypes.c_ulong(PR_CAP_AMBIENT_RAISE)
    _require(LIBC.prctl(PR_CAP_AMBIENT, raise_it, ctypes.c_ulong(capability), zero, zero))


def _require(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
