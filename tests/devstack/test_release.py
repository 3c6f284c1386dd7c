"""What a release has in it: a wheel that stands alone, and a container made of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile

import django
import pytest
import yaml

from config import VERSION, command_line
from devstack.processes import ROOT
from tests.devstack import wheels

PACKAGES = ("config", "licensing", "portal", "support")
BESIDE = ("locale", "static", "templates")
"""What stands beside the packages in a clone, and inside of ``config`` in a wheel."""
LOOK = """
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils.translation import gettext, override
with override("de"):
    print(get_template("account/login.html").origin.name, finders.find("js/page.js"),
        gettext("Licences"), sep="\\n")
"""
MANAGE = "from config.command_line import main; main()"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The product's wheel."""
    return wheels.built_in(tmp_path_factory.mktemp("release"))


@pytest.fixture
def installed(wheel, tmp_path):
    """A folder with what the wheel has, and none of the clone's."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    return tmp_path


def files_of(folder):
    """The names of what belongs to a folder of the clone."""
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts}


@pytest.mark.slow
def test_the_wheel_has_all_of_the_product_and_nothing_else(wheel):
    product = set().union(*map(files_of, PACKAGES))
    beside = {f"config/files/{name}" for name in set().union(*map(files_of, BESIDE))}

    names = set(zipfile.ZipFile(wheel).namelist())

    assert {name for name in names if ".dist-info/" not in name} == product | beside
    assert wheel.name == f"licensing_portal-{VERSION}-py3-none-any.whl"


@pytest.mark.slow
def test_an_installed_product_finds_what_it_brings(installed):
    line = ["licensing-portal", "manage", "shell", "-v0", "-c", LOOK]
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv = {line!r}; {MANAGE}"],
        cwd=installed, env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True, text=True,
    )  # fmt: skip

    template, script, word = told.stdout.splitlines()
    assert template == f"{installed}/config/files/templates/account/login.html"
    assert script == f"{installed}/config/files/static/js/page.js"
    assert word == "Lizenzen"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--version", 0, VERSION),
        ("--help", 0, "worker [OPTION...]"),
        ("launch", 2, "invalid choice: 'launch'"),
        ("doctor --help", 0, "usage: licensing-portal manage doctor"),
        ("erase_person --help", 0, "usage: licensing-portal manage erase_person"),
        ("serve --port 8001", "DATABASE_URL is not set.", ""),
    ],
)
def test_the_command_says_what_it_is_and_what_is_wrong(words, code, said, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["licensing-portal", *words.split()])
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setattr(django, "setup", lambda: None)  # it would log to what is captured here

    with pytest.raises(SystemExit) as left:
        command_line.main()

    assert left.value.code == code
    assert said in "".join(capsys.readouterr())


def test_every_front_end_file_stands_in_the_list_of_parts():
    table = (ROOT / "static/vendor/README.md").read_text()
    script = (ROOT / "scripts/parts.py").read_text()
    [row] = re.findall(r"^ROW = re.compile\(r\"(.*)\"\)$", script, re.MULTILINE)

    named = [file for file, *_ in re.findall(row, table)]
    there = [path for path in (ROOT / "static/vendor").rglob("*.*") if path.name != "README.md"]
    assert sorted(named) == sorted(
        ["../icons.svg", *(path.relative_to(ROOT / "static/vendor").as_posix() for path in there)]
    )


def instructions():
    """The Containerfile's, each with its name, in the last of its stages."""
    text = re.sub(r"\\\n", "", re.sub(r"(?m)^#.*\n", "", (ROOT / "Containerfile").read_text()))
    lines = [line.partition(" ")[::2] for line in text.splitlines() if line]
    last = max(place for place, (name, _) in enumerate(lines) if name == "FROM")
    return dict(lines[last:])


def test_the_image_runs_as_nobody_and_says_whether_it_is_alive():
    last = instructions()

    assert int(last["USER"]) > 0
    assert "/healthz" in last["HEALTHCHECK"]
    assert last["ENTRYPOINT"] == '["licensing-portal"]'


def test_of_composed_containers_the_web_server_alone_can_be_led_through_a_pooler():
    shipped = (ROOT / "docs/deploy/compose.yaml").read_text()
    composed = yaml.safe_load(shipped.replace("# environment:", "environment:"))

    told = {
        name: service["environment"]
        for name, service in composed["services"].items()
        if name in ("web", "worker", "beat", "migrate")
    }

    assert {name for name in told if "DATABASE_POOLED" in told[name]} == {"web"}
    assert "@pgbouncer:6432/" in told["web"]["DATABASE_URL"]
    assert len({each["REDIS_URL"] for each in told.values()}) == 1
    assert all("@postgres/" in told[name]["DATABASE_URL"] for name in told.keys() - {"web"})


def test_composed_containers_write_nowhere_but_where_they_may():
    composed = yaml.safe_load((ROOT / "docs/deploy/compose.yaml").read_text())
    ours = {
        name: service
        for name, service in composed["services"].items()
        if service["image"] == "licensing-portal"
    }

    assert {service["command"][0] for service in ours.values()} == {*ours} - {"web"} | {"serve"}
    assert all(one["read_only"] and one["cap_drop"] == ["ALL"] for one in ours.values())


def test_every_line_that_builds_the_image_keeps_its_health_check():
    told = [
        ROOT / "Containerfile",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "docs").rglob("*.yaml"),
    ]
    lines = [line for file in told for line in file.read_text().splitlines()]

    builds = [line for line in lines if "podman build" in line]
    assert builds
    assert all("podman build --format docker " in line for line in builds)
