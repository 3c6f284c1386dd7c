"""The ``.reg`` files, read by a reader of the tests' own and, where it is there, by Wine."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from cloud_licence import policy
from portal.deployment import registry_file
from tests.portal.deployment.conftest import AWKWARD

KEY = r"HKEY_LOCAL_MACHINE\Software\Policies\Elecosoft\Powerproject\Licensing"
LINE = re.compile(r'"((?:[^"\\]|\\.)*)"=(?:"((?:[^"\\]|\\.)*)"|dword:([0-9a-f]{8}))')


def read(content: bytes) -> dict[str, dict[str, str | int]]:
    """What a file in Microsoft's format sets, by key; a key that it deletes is None."""
    assert content[:2] == b"\xff\xfe"
    lines = content[2:].decode("utf-16-le").split("\r\n")
    assert lines[:2] == ["Windows Registry Editor Version 5.00", ""]
    keys: dict = {}
    for line in filter(None, lines[2:]):
        if line.startswith("[-"):
            keys[line[2:-1]] = None
        elif line.startswith("["):
            values = keys.setdefault(line[1:-1], {})
        else:
            name, text, number = LINE.fullmatch(line).groups()
            values[name] = re.sub(r"\\(.)", r"\1", text) if number is None else int(number, 16)
    return keys


def test_sets_every_value_whatever_stands_in_it(deployment):
    assert read(registry_file.setting(deployment)) == {
        KEY: {
            "SerialNumber": "7Q2X-4M8K-9D3T",
            "ProductKey": "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567",
            "ServiceUrl": "https://licensing.example.com",
            "Proxy": "http://proxy.example.com:8080",
            "ContactText": AWKWARD,
            "AllowUserEntry": 0,
        }
    }


def test_leaves_out_what_is_empty(for_users):
    (values,) = read(registry_file.setting(for_users)).values()

    assert list(values) == ["SerialNumber", "ProductKey", "ServiceUrl", "AllowUserEntry"]


def test_the_client_understands_every_value(deployment):
    (values,) = read(registry_file.setting(deployment)).values()

    assert policy.effective({policy.MACHINE_POLICY: values}) == policy.Policy(
        serial_number=deployment.serial_number,
        product_key=deployment.product_key,
        service_url=deployment.service_url,
        proxy=deployment.proxy,
        contact_text=AWKWARD,
        allow_user_entry=False,
        sources=dict.fromkeys(values, policy.MACHINE_POLICY),
    )


def test_removes_its_own_key_and_no_other(for_users):
    key = KEY.replace("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER")

    assert read(registry_file.removing(for_users)) == {key: None}


@pytest.mark.skipif(not shutil.which("wine"), reason="Wine is not installed")
def test_windows_reads_what_was_meant(deployment, tmp_path):
    """``reg import`` as Windows has it, then ``reg query``, then the removal."""
    (tmp_path / "set.reg").write_bytes(registry_file.setting(deployment))
    (tmp_path / "remove.reg").write_bytes(registry_file.removing(deployment))

    def reg(*words: str) -> subprocess.CompletedProcess[bytes]:
        variables = {
            "WINEPREFIX": str(tmp_path / "wine"),
            "WINEDEBUG": "-all",
            "HOME": str(tmp_path),
        }
        return subprocess.run(
            ["wine", "reg", *words],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **variables},
            capture_output=True,
            timeout=240,
            check=False,
        )

    assert reg("import", "set.reg").returncode == 0
    exported = reg("export", KEY, "back.reg", "/y")
    back = (tmp_path / "back.reg").read_bytes()
    assert reg("import", "remove.reg").returncode == 0
    gone = reg("query", KEY)

    assert exported.returncode == 0
    assert read(back) == read(registry_file.setting(deployment))
    assert gone.returncode != 0
