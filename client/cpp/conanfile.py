"""The Conan recipe of the C++ library: ``conan create client/cpp``."""

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout


class CloudLicence(ConanFile):
    """Headers for C++17, and a shared library with the C interface."""

    name = "cloud-licence"
    version = "1.2.0"
    license = "MIT"
    description = "Cloud connected licensing for desktop programs"
    package_type = "shared-library"
    settings = "os", "compiler", "build_type", "arch"
    exports_sources = "CMakeLists.txt", "LICENCE.md", "cmake/*", "include/*", "src/*", "c/*"

    def requirements(self) -> None:
        """What the headers include."""
        self.requires("nlohmann_json/[>=3.9 <4]", transitive_headers=True)
        self.requires("openssl/[>=1.1.1 <4]", transitive_headers=True)
        if self.settings.os != "Windows":
            self.requires("libcurl/[>=7.68 <9]", transitive_headers=True)

    def layout(self) -> None:
        """Where things are built."""
        cmake_layout(self)

    def generate(self) -> None:
        """What CMake finds."""
        CMakeDeps(self).generate()
        CMakeToolchain(self).generate()

    def build(self) -> None:
        """The shared library."""
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self) -> None:
        """Both, with their CMake package."""
        CMake(self).install()

    def package_info(self) -> None:
        """The package's own CMake files tell what there is."""
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs.append("lib/cmake/CloudLicence")
