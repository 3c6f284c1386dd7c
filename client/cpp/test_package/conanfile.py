"""A project that uses the package, as a vendor's would: ``conan create`` builds and runs it."""

from io import StringIO
from pathlib import Path

from conan import ConanFile
from conan.errors import ConanException
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout

SAYS = "serial number and product key"
"""What a program says on a computer without a key."""


class Examples(ConanFile):
    """The examples in C and C++."""

    settings = "os", "compiler", "build_type", "arch"
    generators = "CMakeDeps", "CMakeToolchain", "VirtualRunEnv"

    def requirements(self) -> None:
        """The package that was just made."""
        self.requires(self.tested_reference_str)

    def layout(self) -> None:
        """Where things are built."""
        cmake_layout(self)

    def build(self) -> None:
        """Both examples."""
        cmake = CMake(self)
        cmake.configure(build_script_folder="../examples")
        cmake.build()

    def test(self) -> None:
        """Each starts, and says why it does not open; a computer with a key opens, and ends."""
        if not can_run(self):
            return
        for name in ("example_c", "twenty_lines"):
            said = StringIO()
            program = Path(self.build_folder, self.cpp.build.bindir, name)
            self.run(f'"{program}"', said, ignore_errors=True, env="conanrun")
            if SAYS not in said.getvalue():
                raise ConanException(f"{name} said: {said.getvalue()}")
