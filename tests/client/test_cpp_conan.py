"""The C++ library as a Conan package, made and used where there is a Conan.

In place of the packages of the libraries that it needs stand those of the system: what Conan's own
registry has is not asked for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.client import cpp

STAND_IN = """
from conan import ConanFile


class StandIn(ConanFile):
    name, version = "{name}", "{version}"
    settings = "os", "arch", "compiler", "build_type"

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "{file}")
        part = self.cpp_info.components["part"]
        part.set_property("cmake_target_name", "{target}")
        part.includedirs, part.libdirs, part.system_libs = [], [], {libraries}
"""
OF_SYSTEM = (
    ("nlohmann_json", "3.11.2", "nlohmann_json", "nlohmann_json::nlohmann_json", []),
    ("openssl", "3.0.0", "OpenSSL", "OpenSSL::Crypto", ["crypto"]),
    ("libcurl", "8.0.0", "CURL", "CURL::libcurl", ["curl"]),
)


@pytest.fixture
def conan(tmp_path):
    """Conan with a cache of its own, which asks nobody."""
    if not shutil.which("conan"):
        pytest.skip("There is no Conan (PyPI: conan 2).")
    cpp.require_headers(cpp.compiler_here(), needs=cpp.NEEDED_HERE)

    def run(*words: str | Path) -> str:
        folders = {"CONAN_HOME": str(tmp_path / "conan"), "HOME": str(tmp_path)}
        folders |= {"CLOUD_LICENCE_ETC": str(tmp_path / "etc"), "XDG_CONFIG_HOME": str(tmp_path)}
        told = subprocess.run(
            ["conan", *words], capture_output=True, text=True, env={**os.environ, **folders}
        )
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout + told.stderr

    run("profile", "detect")
    return run


@pytest.mark.slow
@pytest.mark.census
def test_package_is_made_and_used_by_a_project(conan, tmp_path):
    for name, version, file, target, libraries in OF_SYSTEM:
        recipe = tmp_path / name / "conanfile.py"
        recipe.parent.mkdir()
        given = {"name": name, "version": version, "file": file}
        recipe.write_text(STAND_IN.format(**given, target=target, libraries=libraries))
        conan("create", recipe.parent, "--no-remote")
    copied = tmp_path / "cpp"
    shutil.copytree(cpp.SOURCES, copied, ignore=shutil.ignore_patterns("corpus"))

    told = conan("create", copied, "--no-remote")

    assert "Testing the package: Executing test" in told
