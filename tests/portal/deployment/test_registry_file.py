"""The ``.reg`` files, read by a reader of the tests' own and by the client under Wine."""

from __future__ import annotations

import dataclasses
import json

import pytest

from cloud_licence import policy
from portal.deployment import registry_file
from portal.deployment.values import Scope
from tests import windows
from tests.portal.deployment.registry_files import KEY, read
from tests.portal.deployment.texts import AWKWARD


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


READ = """
import json
from cloud_licence import policy, registry
levels = registry.levels("Elecosoft", "Powerproject")
found = policy.read("Elecosoft", "Powerproject")
print(json.dumps([levels, vars(found)]))
"""
TYPE = """
import sys
from cloud_licence import registry
typed = dict(zip(("SerialNumber", "ProductKey"), sys.argv[1:], strict=True))
registry.write_own_entry("Elecosoft", "Powerproject", typed)
"""
NOTHING = {level: {} for level in policy.LEVELS}


def read_by_the_client(windows) -> tuple[dict, policy.Policy]:
    """The registry's levels and what is in force, as the client itself finds them on Windows."""
    told = windows.python("-c", READ)
    levels, values = json.loads(told.stdout)
    return levels, policy.Policy(**values)


@pytest.mark.parametrize(
    ("scope", "path", "level"),
    [
        (Scope.MACHINE, windows.POLICIES, policy.MACHINE_POLICY),
        (Scope.USER, windows.POLICIES, policy.USER_POLICY),
        (Scope.MACHINE, windows.PREFERENCES, policy.MACHINE_PREFERENCE),
    ],
)
def test_the_client_on_windows_reads_what_the_files_set(
    deployment, windows_python, tmp_path, scope, path, level
):
    """``reg import``, the client's own reader, the removal, and the reader again."""
    deployment = dataclasses.replace(deployment, scope=scope)
    setting, removing = (
        in_place_of_the_policy(path, file(deployment))
        for file in (registry_file.setting, registry_file.removing)
    )

    windows_python.import_file(setting, tmp_path)
    levels, found = read_by_the_client(windows_python)
    windows_python.import_file(removing, tmp_path)
    left, nothing = read_by_the_client(windows_python)

    values = {value.name: value.data for value in deployment.values()}
    assert values["ContactText"] == AWKWARD
    assert levels == NOTHING | {level: values}
    assert found == policy.effective({level: values})
    assert found.serial_number == deployment.serial_number
    assert (left, nothing) == (NOTHING, policy.Policy())


def in_place_of_the_policy(path: str, file: bytes) -> bytes:
    """The same file for another key: the settings that a policy overrules."""
    text = file.decode("utf-16").replace(windows.POLICIES, path)
    return b"\xff\xfe" + text.encode("utf-16-le")


def test_a_policy_wins_over_what_people_typed(deployment, windows_python, tmp_path):
    """The user's own key first, as awkward as can be; then the file for all computers."""
    typed = windows_python.python("-c", TYPE, 'Ł"1"\\;', 'key; \\"日本"')
    _, own = read_by_the_client(windows_python)
    windows_python.import_file(
        registry_file.setting(dataclasses.replace(deployment, allow_user_entry=True)), tmp_path
    )
    levels, found = read_by_the_client(windows_python)

    assert typed.returncode == 0
    assert (own.serial_number, own.product_key) == ('Ł"1"\\;', 'key; \\"日本"')
    assert levels[policy.OWN_ENTRY] == {"SerialNumber": 'Ł"1"\\;', "ProductKey": 'key; \\"日本"'}
    assert found.serial_number == deployment.serial_number
    assert found.sources["SerialNumber"] == policy.MACHINE_POLICY


def test_windows_gives_back_the_file_it_was_given(deployment, windows, tmp_path):
    """``reg export`` says which types the values have, which the client's reader does not."""
    windows.import_file(registry_file.setting(deployment), tmp_path)

    windows.run("reg", "export", KEY, "back.reg", "/y", cwd=tmp_path)

    back = (tmp_path / "back.reg").read_bytes()
    assert read(back) == read(registry_file.setting(deployment))
