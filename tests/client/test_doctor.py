"""What the doctor says of the way to the service."""

from __future__ import annotations

import pytest

from cloud_licence import device, doctor, machine, policy
from cloud_licence.answers import Session
from cloud_licence.records import Pending, Record, UnsentClose
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


def test_shows_no_password_of_an_address():
    values = {"ServiceUrl": "https://me:secret@licensing.invalid", "Proxy": "me:secret@127.0.0.1:1"}
    found = policy.effective({policy.MACHINE_POLICY: values})
    service = Service(url=found.service_url, proxy=found.proxy, timeout=1)

    told = [*doctor.of_policy(found), *doctor.of_network(service, found)]

    assert "    ServiceUrl = https://licensing.invalid (machine policy)" in told
    assert "    Proxy = 127.0.0.1:1 (machine policy)" in told
    assert "secret" not in "".join(told)


def test_shows_no_password_of_a_proxy_script(monkeypatch):
    monkeypatch.setattr(doctor, "proxy_script", lambda: "http://me:secret@pac.invalid/wpad.dat")
    found = policy.effective({policy.MACHINE_POLICY: {"ServiceUrl": ADDRESS}})

    told = "".join(doctor.of_network(Service(url=ADDRESS, timeout=1), found))

    assert "http://pac.invalid/wpad.dat" in told
    assert "secret" not in told


def test_names_a_proxy_that_can_be_none():
    values = {"ServiceUrl": ADDRESS, "Proxy": "::::"}
    found = policy.effective({policy.MACHINE_POLICY: values})

    told = [*doctor.of_network(Service(url=ADDRESS, proxy=found.proxy), found)]

    assert told == ["Service", f"BAD The proxy :::: is no address of HTTP. {doctor.A_PROXY}"]


def test_says_once_that_there_is_no_address():
    found = policy.effective({})

    told = [*doctor.of_policy(found), *doctor.of_network(Service(url=""), found)]

    assert [line for line in told if "address" in line or "ServiceUrl is" in line] == [
        "BAD ServiceUrl is not set."
    ]


def test_tells_what_the_service_has_not_heard():
    record = Record(
        machine_name="CAD-017",
        username="jsmith",
        pending=Pending("asked", "SERIAL"),
        closes=(
            UnsentClose(Session("held", "token"), 1_795_500_000.0),
            UnsentClose(Session("never heard of"), 0.0, "SERIAL"),
        ),
    )

    assert list(doctor.of_what_waits(record)) == [
        "    close of held, ended Tue 24 Nov, 06:00 UTC",
        "    close of never heard of with the key of SERIAL, ended ?",
        "    no answer yet to the check-out of asked",
    ]


def test_tells_whether_the_installation_has_an_id_of_its_own(tmp_path, monkeypatch):
    path = tmp_path / "device.json"
    monkeypatch.setattr(machine, "machine_id", lambda: "machine")
    before = doctor.of_device(path)
    device.kept(path, "machine", "fresh")
    made = doctor.of_device(path)
    monkeypatch.setattr(machine, "machine_id", lambda: "clone")

    assert before == "    no device id yet"
    assert made == f"    device id kept in {path}, and this machine says who it is"
    assert "is another machine's" in doctor.of_device(path)


def test_tells_in_words_why_there_was_no_answer():
    told = list(doctor.of_answer(Service(url="http://127.0.0.1:1", timeout=1)))

    assert told == [
        "BAD The service cannot be asked (unreachable). The licensing service cannot be reached."
    ]
