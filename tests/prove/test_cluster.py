"""Parts of the cluster that is proven; all of it together takes minutes and is run by hand."""

import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bench.load import Answer
from devstack import processes
from prove import report
from prove.cluster import network
from prove.cluster.cluster import standing
from prove.cluster.faults import ClusterFaults
from prove.line import is_of_proxy

DEPLOY = processes.ROOT / "docs" / "deploy"
CUT = """
import os, socket, sys
from prove.cluster import network

net = network.make()
if net.cannot_cut:
    sys.exit(f"cannot cut: {net.cannot_cut}")
one, two, three = net.hosts
home, listening = os.open("/proc/self/ns/net", os.O_RDONLY), {}
for host in net.hosts:
    host.enter()
    listening[host.name] = socket.create_server((host.address, 4000))
    os.setns(home, os.CLONE_NEWNET)

def reaches(source, target):
    source.enter() if source else None
    try:
        socket.create_connection((target.address, 4000), timeout=0.2).close()
    except OSError:
        return False
    finally:
        os.setns(home, os.CLONE_NEWNET)
    return True

def ways():
    return [reaches(*way) for way in ((one, two), (two, one), (two, three), (None, one))]

for _ in range(20):  # a link that was just made takes a moment to be up
    seen = [ways()]
    if all(seen[0]):
        break
net.cut(one)
seen.append(ways())
net.mend(one)
seen.append(ways())
print(seen)
"""


def test_a_machine_that_is_cut_off_is_heard_by_the_world_alone():
    run = subprocess.run([sys.executable, "-c", CUT], capture_output=True, text=True)
    if "cannot cut" in run.stderr:
        pytest.skip(run.stderr)

    well, cut = [True, True, True, True], [False, False, True, True]
    assert run.stdout.strip() == str([well, cut, well]), run.stderr


@pytest.mark.parametrize("name", ["haproxy.cfg", "haproxy-postgresql.cfg"])
def test_haproxy_takes_what_is_shipped(name):
    if not shutil.which("haproxy"):
        pytest.skip("haproxy is not installed: apt-get install haproxy")

    run = subprocess.run(["haproxy", "-c", "-f", DEPLOY / name], capture_output=True, text=True)

    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("role", "state", "is_what"),
    [
        ("leader", "running", "leader"),
        ("leader", "starting", "other"),
        ("quorum_standby", "streaming", "standby"),
        ("quorum_standby", "running", "other"),
        ("replica", "streaming", "other"),
    ],
)
def test_a_standby_counts_once_it_has_what_is_answered(role, state, is_what):
    assert standing({"role": role, "state": state}) == is_what


@pytest.mark.parametrize(
    ("status", "body", "is_so"),
    [(503, b"<html>", True), (502, b"", True), (503, b"{}", False), (204, b"", False)],
)
def test_what_the_proxy_says_itself_is_no_answer(status, body, is_so):
    assert is_of_proxy(Answer(status, body)) == is_so


def test_whoever_is_not_root_reads_at_the_end_what_was_not_tried(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    alone = SimpleNamespace(network=network.make())
    faults = ClusterFaults(None, alone, None, None, {}, seed=1)

    told = report.not_broken(faults.without())

    assert "primary cut off from the other half" not in faults.kinds()
    assert told[0] == (
        "Not tried here: primary cut off from the other half. "
        "Only root may make networks of its own (run it as root)."
    )
