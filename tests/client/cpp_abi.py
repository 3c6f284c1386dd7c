"""What programs in C rely on that are out there, as libabigail sees it.

The library's own debugging information would be of all that it is made of. All that a program sees
is in the header, so a library of its calls alone is compared, with the versions of its symbols.
Each version of the interface stays there for ever. After a release whose calls are more, its own:
``python -m tests.client.cpp_abi > client/cpp/c/abi_1.N.xml``.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.client import cpp

C = cpp.SOURCES / "c"
RELEASED = sorted(C.glob("abi_1.*.xml"))
PLAIN = ("--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed")
DECLARED = re.compile(r"CL_API ([^;#]+);")


def library_of(header: str, folder: Path) -> Path:
    """A library that has the calls of a header, and does nothing."""
    (folder / "cloud_licence.h").write_text(header)
    calls = [f"{call} {{ __builtin_trap(); }}" for call in DECLARED.findall(header)]
    source, made = folder / "calls.c", folder / "libcloud_licence.so"
    source.write_text("\n".join(['#include "cloud_licence.h"', *calls]))
    symbols = f"-Wl,--version-script={C / 'cloud_licence.map'},-soname,libcloud_licence.so.1"
    options = ["-g", "-shared", "-fPIC", f"-ffile-prefix-map={folder}=.", symbols]
    cpp.run("gcc", *options, str(source), "-o", str(made))
    return made


def differences(released: Path, library: Path) -> str:
    """What a program that was built with a released library would not find again; empty if all.

    Calls may be added. A struct that grows at its end is told of too: ``abi_1.c`` says whether it
    has only done that, and then the released ones are written anew.
    """
    command = ["abidiff", "--no-added-syms", released, library]
    told = subprocess.run(command, capture_output=True, text=True)
    return told.stdout + told.stderr if told.returncode else ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        library = library_of((C / "cloud_licence.h").read_text(), Path(folder))
        sys.stdout.write(subprocess.check_output(["abidw", *PLAIN, library], text=True))
