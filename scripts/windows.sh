#!/bin/sh
# Makes ready what the tests for Windows and of the C++ library need: Wine, MinGW's C++ compiler, the headers
# of OpenSSL, libcurl and nlohmann-json (as root on Debian, its packages), and in .tools/windows a Python for
# Windows.
# It never fails: without one of them the tests that need it are skipped and say so.
set -u
cd "$(dirname "$0")/.."
home=.tools/windows
compiler=x86_64-w64-mingw32-g++

has_command() { command -v "$1" >/dev/null 2>&1; }

has_packages() {
  has_command wine && has_command "$compiler" && [ -e /usr/include/openssl/evp.h ] &&
    [ -e /usr/include/nlohmann/json.hpp ] && ls /usr/include/*/curl/curl.h >/dev/null 2>&1
}

install_packages() {
  has_command apt-get || return 1
  as_root=
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  $as_root true || return 1
  $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive \
    timeout 300 apt-get install -y -qq --no-install-recommends \
    wine wine64 g++ clang abigail-tools g++-mingw-w64-x86-64-posix g++-mingw-w64-i686-posix libssl-dev libcurl4-openssl-dev nlohmann-json3-dev
}

install_python() {
  rm -rf "$home/python" "$home/lock.txt"
  sh scripts/uv.sh pip install -q --target "$home/python" --python-platform windows \
    --python-version 3.13 --no-deps --require-hashes -r requirements/windows.txt || return 1
  printf '%s\n' python313.zip . ../../../client >"$home/python/python313._pth"
  cp requirements/windows.txt "$home/lock.txt"
}

# The headers on their own, for those beside them are of another system.
copy_headers() {
  mkdir -p "$home/include"
  cp -RL /usr/include/openssl /usr/include/nlohmann "$home/include/" &&
    cp -L /usr/include/*-linux-gnu*/openssl/*.h "$home/include/openssl/"
}

# Older versions of Wine lack the library from which programs in Rust take their random numbers.
add_random_numbers() {
  echo 'int __stdcall SystemFunction036(void *, unsigned long);
    __declspec(dllexport) int __stdcall ProcessPrng(void *data, unsigned long long size)
    { return SystemFunction036(data, (unsigned long)size); }' |
    x86_64-w64-mingw32-gcc -x c - -shared -s -ladvapi32 -o "$home/python/bcryptprimitives.dll"
}

if ! has_packages; then
  echo "windows: looking for Wine and MinGW" >&2
  install_packages >/dev/null 2>&1
fi
if ! has_packages; then
  echo "windows: they could not be installed; the tests that need them are skipped." >&2
  exit 0
fi
cmp -s requirements/windows.txt "$home/lock.txt" && [ -e "$home/python/bcryptprimitives.dll" ] &&
  [ -e "$home/include/nlohmann/json.hpp" ] && exit 0
{ install_python && copy_headers && add_random_numbers; } >/dev/null 2>&1 ||
  echo "windows: no Python for Windows could be installed; tests that need it are skipped." >&2
exit 0
