"""What the doctor says of the way to the service."""

from __future__ import annotations

import pytest

from cloud_licence import doctor, policy
from cloud_licence.transport import Service
from devstack import ports

ADDRESS = "http://licensing.invalid"


@pytest.mark.parametrize(
    ("proxy_of_policy", "variables", "way"),
    [
        ("", {}, "no proxy (none is set)"),
        ("direct", {"http_proxy": "http://{}"}, "no proxy (machine policy)"),
        ("http://{}", {"http_proxy": "http://other.invalid"}, "by the proxy {} (machine policy)"),
        ("", {"http_proxy": "http://{}"}, "by the proxy {} (the environment)"),
        ("", {"all_proxy": "{}"}, "by the proxy {} (the environment)"),
        (
            "",
            {"http_proxy": "http://{}", "no_proxy": ".invalid"},
            "no proxy (an exception in the environment)",
        ),
    ],
)
def test_says_which_proxy_is_used_and_who_named_it(monkeypatch, proxy_of_policy, variables, way):
    nobody = f"127.0.0.1:{ports.free()}"
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(nobody))
    values = {"ServiceUrl": ADDRESS, "Proxy": proxy_of_policy.format(nobody)}
    found = policy.effective({policy.MACHINE_POLICY: values})

    told = list(doctor.of_network(Service(url=ADDRESS, proxy=found.proxy, timeout=1), found))

    assert told[:2] == ["Service", f"    {ADDRESS}, {way.format(nobody)}"]
