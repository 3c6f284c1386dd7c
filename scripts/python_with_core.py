"""Links .venv's Python anew with its core within, where that is a library which many may share.

A version manager builds Python so (``--enable-shared``): each function of the core is then called
by a detour, a twentieth of what Python takes. The same core comes as an archive; with a compiler
it is put into the program. Without either .venv stays as it is.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

NEEDED = ("Py_ENABLE_SHARED", "LIBPL", "LIBRARY", "SYSLIBS")
LINKED = ("-no-pie", "-Wl,--export-dynamic", "-Wl,--strip-debug")
WORKS = "import ctypes, decimal, hashlib, json, sqlite3, ssl, zoneinfo"


def main() -> None:
    """Put the new program in the place of the link, if it works."""
    is_shared, folder, archive, libraries = map(sysconfig.get_config_var, NEEDED)
    compiler, python = shutil.which("cc"), Path(sys.executable)
    if not (sys.platform == "linux" and is_shared and compiler and python.is_symlink()):
        return
    draft = python.with_name("python.new")
    parts = [Path(folder) / "python.o", Path(folder) / archive]
    link = [compiler, "-o", draft, *LINKED, *parts, *libraries.split(), "-ldl", "-lpthread"]
    if succeeds(link) and succeeds([draft, "-c", WORKS]):
        draft.replace(python)
    draft.unlink(missing_ok=True)


def succeeds(command: list[str | Path]) -> bool:
    """Whether a command does what it is to do; it says nothing."""
    return subprocess.run(command, capture_output=True).returncode == 0


if __name__ == "__main__":
    main()
