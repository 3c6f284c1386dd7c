"""The Python of .venv, as scripts/bootstrap.sh leaves it."""

import shutil
import sys
import sysconfig
from pathlib import Path

import pytest


@pytest.mark.skipif(
    not (sys.platform == "linux" and sysconfig.get_config_var("Py_ENABLE_SHARED")),
    reason="this Python was built with its core within",
)
@pytest.mark.skipif(not shutil.which("cc"), reason="no compiler is installed")
def test_has_its_core_within():
    assert "libpython" not in Path("/proc/self/maps").read_text()
