"""The import rules of the house (``docs/house.md``) are broken by what they forbid."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def house(tmp_path):
    """The packages and modules of the portal, every one empty, under the rules in force."""
    rules = (ROOT / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(rules)
    for package in tomllib.loads(rules)["tool"]["importlinter"]["root_packages"]:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for there in [*ROOT.glob("portal/*"), *ROOT.glob("portal/views/*")]:
        if there.suffix == ".py" or (there / "__init__.py").exists():
            build(tmp_path, there.relative_to(ROOT).with_suffix(""))
    return tmp_path


def build(house, module, text=""):
    """Put a module there, which says so much."""
    folder = house / module
    if folder.name != "__init__":
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(text)


def linted(house):
    """Whether the rules are kept, and what is said of it."""
    rules = ["--contract", "rooms", "--contract", "pages"]
    done = subprocess.run(
        [LINT, "--no-logo", "--no-cache", *rules], cwd=house, capture_output=True, text=True
    )
    return done.returncode == 0, done.stdout


def test_the_house_as_it_is_keeps_its_rules(house):
    is_kept, told = linted(house)

    assert is_kept, told


@pytest.mark.census
@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("portal/forecasts", ""),
        ("portal/views/forecasts", ""),
        ("portal/sessions/forecasts", "import portal.views.sessions"),
        ("portal/views/sessions/forecasts", "import portal.views.people"),
        ("portal/views/access", "import portal.views.people"),
        ("portal/words", "import portal.licences"),
    ],
    ids=[
        "a module without a room",
        "pages without a subject",
        "a verb that imports a page",
        "a page that imports another subject's",
        "what pages stand on imports a page",
        "a room that imports one above it",
    ],
)
def test_is_refused(house, module, text):
    build(house, module, text)

    is_kept, told = linted(house)

    assert not is_kept
    assert module.replace("/", ".") in told


def test_no_two_functions_of_pages_have_one_name():
    """In a traceback and in a search, a name says which page it is of."""
    places = defaultdict(list)
    for path in ROOT.glob("portal/views/**/*.py"):
        for one in ast.parse(path.read_text()).body:
            if isinstance(one, ast.FunctionDef):
                places[one.name].append(str(path.relative_to(ROOT)))

    assert {name: found for name, found in places.items() if len(found) > 1} == {}
