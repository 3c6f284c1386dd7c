"""The address that asked, behind each common gateway, and how it is counted."""

from __future__ import annotations

import pytest

from licensing.api import addresses

GATEWAY = "10.0.0.4"

CASES = [
    # gateway, TRUSTED_PROXY_COUNT, X-Forwarded-For as it arrives, the address that asked
    ("none", 0, None, GATEWAY),
    ("none, a forged header", 0, "6.6.6.6", GATEWAY),
    ("nginx, proxy_add_x_forwarded_for", 1, "203.0.113.7", "203.0.113.7"),
    ("nginx, after a forged entry", 1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
    ("nginx, IPv6", 1, "2001:db8:5::7", "2001:db8:5::7"),
    ("HAProxy, a line of its own, joined by the server", 1, "6.6.6.6,203.0.113.7", "203.0.113.7"),
    ("HAProxy with a dual-stack socket", 1, "::ffff:203.0.113.7", "203.0.113.7"),
    ("Caddy, which replaces what strangers wrote", 1, "203.0.113.7", "203.0.113.7"),
    ("Azure Application Gateway", 1, "203.0.113.7:51234", "203.0.113.7"),
    ("Azure Application Gateway, IPv6", 1, "[2001:db8:5::7]:51234", "2001:db8:5::7"),
    ("Azure Application Gateway, forged", 1, "6.6.6.6:1, 203.0.113.7:51234", "203.0.113.7"),
    ("IIS with Application Request Routing", 1, "203.0.113.7:51234", "203.0.113.7"),
    ("Azure Front Door", 1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
    ("Front Door, Application Gateway", 2, "6.6.6.6, 203.0.113.7, 147.243.0.9:4120", "203.0.113.7"),
    ("AWS ALB", 1, "203.0.113.7", "203.0.113.7"),
    ("AWS ALB, client ports kept", 1, "203.0.113.7:8080", "203.0.113.7"),
    ("AWS ALB, client ports kept, IPv6", 1, "[2001:db8:5::7]:8080", "2001:db8:5::7"),
    ("CloudFront, ALB", 2, "6.6.6.6, 2001:db8:5::7, 130.176.96.72", "2001:db8:5::7"),
    ("Google Cloud, which adds its own address too", 2, "203.0.113.7, 35.191.0.1", "203.0.113.7"),
    ("a link-local neighbour", 1, "fe80::7%eth0", "fe80::7"),
    ("quoted", 1, '"[2001:db8:5::7]"', "2001:db8:5::7"),
    ("a proxy that hides it", 1, "unknown", GATEWAY),
    ("a proxy that wrote nothing", 1, "", GATEWAY),
    ("past the outer of two proxies", 2, "203.0.113.7", GATEWAY),
]


@pytest.mark.parametrize(("gateway", "proxies", "header", "address"), CASES)
def test_the_address_is_who_asked_the_outermost_proxy(
    rf, settings, gateway, proxies, header, address
):
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {} if header is None else {"X-Forwarded-For": header}

    assert addresses.of(rf.get("/", REMOTE_ADDR=GATEWAY, headers=headers)) == address


@pytest.mark.parametrize(
    "header", ["Forwarded", "X-Real-IP", "X-Client-IP", "X-Azure-ClientIP", "True-Client-IP"]
)
def test_no_other_header_is_believed(rf, settings, header):
    settings.TRUSTED_PROXY_COUNT = 1
    headers = {"X-Forwarded-For": "203.0.113.7", header: "for=6.6.6.6"}

    assert addresses.of(rf.get("/", headers=headers)) == "203.0.113.7"


def test_a_unix_socket_has_none(rf):
    assert addresses.of(rf.get("/", REMOTE_ADDR="")) is None


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:5::7", "2001:db8:5::/64"),
        ("2001:db8:5:0:ffff::9", "2001:db8:5::/64"),
        ("2001:db8:5:1::7", "2001:db8:5:1::/64"),
        (None, ""),
    ],
)
def test_ipv6_is_counted_by_its_network(address, counted):
    assert addresses.counted(address) == counted
