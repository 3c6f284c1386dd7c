"""The product's wheel, as a release has it."""

import subprocess
import sys

from devstack.processes import ROOT

BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


def built_in(folder):
    """The wheel, made in this folder."""
    command = [sys.executable, "-c", BUILD, folder]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return folder / told.stdout.split()[-1]
