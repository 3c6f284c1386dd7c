"""The client's wheel, alone in an empty environment: built and installed without a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from licensing.models import ClientSession
from tests.client.computers import PC
from tests.factories import make_pool

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"
CRYPTOGRAPHY = ("cryptography", "cffi", "pycparser")
"""What the client needs besides Python, with all that it needs itself."""
OURS = ("bench", "config", "devstack", "licensing", "portal", "prove", "support", "tests", "django")
WHICH_ARE_THERE = "from importlib.util import find_spec; print([n for n in {} if find_spec(n)])"


def run(*command, **options):
    """What a command printed; it must succeed."""
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, **options)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def lend(distribution, site):
    """Let an environment have what ours has of a distribution, without a network."""
    lent = metadata.distribution(distribution)
    for top in {path.parts[0] for path in lent.files} - {".."}:
        there = lent.locate_file(top)
        if there.suffix == ".dist-info":
            shutil.copytree(there, site / top)  # uv passes by those that are links
        else:
            (site / top).symlink_to(there)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment with the client's wheel and cryptography, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
    source = shutil.copytree(ROOT / "client", folder / "client", ignore=ignored)
    wheel = run(sys.executable, "-c", BUILD, folder, cwd=source).split()[-1]
    run(sys.executable, "-m", "venv", "--without-pip", folder / "env")
    site = next((folder / "env/lib").glob("python3*/site-packages"))
    for distribution in CRYPTOGRAPHY:
        lend(distribution, site)
    install = ("pip", "install", "--offline", "--no-cache", "--python", folder / "env")
    run("sh", ROOT / "scripts/uv.sh", *install, folder / wheel)
    return folder / "env"


class InstalledPC(PC):
    """A computer on which the client was installed by its wheel."""

    program = ""
    run = PC.run_apart

    def command(self, *arguments):
        """The command line of the client."""
        return [self.program, *arguments]


@pytest.fixture
def installed(pc, environment):
    """A computer with the wheel's command."""
    made = InstalledPC(pc.home)
    made.program = environment / "bin/cloud-licence"
    return made


@pytest.mark.slow
def test_nothing_else_of_ours_is_there(environment, tmp_path):
    script = WHICH_ARE_THERE.format(("cloud_licence", *OURS))

    assert run(environment / "bin/python", "-c", script, cwd=tmp_path) == "['cloud_licence']\n"


@pytest.mark.slow
def test_command_explains_itself(installed):
    told = installed.run("--help")

    assert (told.returncode, told.stderr) == (0, "")
    assert "give the seat back" in told.stdout


@pytest.mark.slow
def test_opens_and_is_well(installed, network):
    key = make_pool(1)
    installed.set_policy(key, network.url)

    opened = installed.run("open")
    told = installed.run("doctor")

    assert (opened.stdout, opened.stderr) == ("You have a licence.\n", "")
    assert ClientSession.objects.active().count() == 1
    assert (told.returncode, "BAD" in told.stdout) == (0, False), told.stdout
