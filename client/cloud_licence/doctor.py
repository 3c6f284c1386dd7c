"""The doctor: why a computer does or does not get a licence, as one report to paste.

It shows no product key, no token, and no password in an address.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult

import cloud_licence
from cloud_licence import addresses, answers, clocks, device, machine, policy, store, words
from cloud_licence.addresses import NoService
from cloud_licence.answers import NoAnswer
from cloud_licence.desk import Program
from cloud_licence.levels import VALUES
from cloud_licence.policy import Policy
from cloud_licence.records import Record
from cloud_licence.store import Store
from cloud_licence.transport import Service

A_PROXY = "A policy has proxy.example:8080, or direct."
OK, BAD = "ok  ", "BAD "
NOTE = "    "
ADDRESSES = ("ServiceUrl", "Proxy")
"""The values of a policy in which a name and a password may stand."""


def report(program: Program) -> tuple[list[str], bool]:
    """The lines of the report, and whether all is well."""
    found = policy.read(program.vendor, program.product)
    service = Service(url=found.service_url, proxy=found.proxy, timeout=found.timeout_seconds)
    now = dt.datetime.now(dt.UTC)
    lines = [
        f"cloud-licence {cloud_licence.__version__}, {sys.platform}, {now:%F %T} UTC",
        *of_policy(found),
        *of_store(program),
        *of_network(service, found),
    ]
    return lines, not any(line.startswith(BAD) for line in lines)


def of_policy(found: Policy) -> Iterator[str]:
    """Each value, and where it is from."""
    yield "Policy"
    for name, row in VALUES.items():
        value = getattr(found, policy.attribute(name))
        shown = masked(str(value)) if row["is_secret"] else value
        if name in ADDRESSES:
            shown = addresses.shown(value)
        yield f"{NOTE}{name} = {shown} ({found.sources.get(name, 'default')})"
    if not found.has_key:
        yield f"{BAD}No level has both a serial number and a product key."
    if not found.service_url:
        yield f"{BAD}ServiceUrl is not set."


def masked(secret: str) -> str:
    """The last four characters."""
    return f"••••{secret[-4:]}" if secret else ""


def of_store(program: Program) -> Iterator[str]:
    """What is kept on this computer."""
    who = machine.identity()
    place = store.place(program.vendor, program.product, who.machine_name, who.os_session)
    yield "This computer"
    session = f", session {who.os_session}" if who.os_session else ""
    yield f"{NOTE}{who.username} on {who.machine_name}{session}"
    kept = Store(place, who.machine_name, who.username, who.os_session)
    record = kept.load()
    situation = record.situation
    yield f"{NOTE}{place}: {situation.state} {situation.code}".rstrip()
    if situation.code in answers.CAUSES:
        yield f"{NOTE}{words.say(words.ENGLISH, f'cause.{situation.code}')}"
    yield f"{NOTE}{len(record.holders)} open, {len(record.closes)} closes to be sent"
    yield from of_what_waits(record)
    if record.lease:
        until = words.moment(words.ENGLISH, situation.grace_until, dt.UTC)
        yield f"{NOTE}offline until {until} UTC"
    if situation.reference:
        yield f"{NOTE}reference {situation.reference}"
    yield of_device(store.place_of_device(program.vendor, program.product, who.machine_name))
    if clocks.was_turned_back(time.time() + record.ahead, record.latest):
        yield f"{BAD}The clock shows an earlier time than when the program last ran."
    for notice in kept.notices:
        yield f"{BAD}{notice}"
    if not os.access(place.parent if place.parent.exists() else place.anchor, os.W_OK):
        yield f"{BAD}{place.parent} cannot be written to."


def of_what_waits(record: Record) -> Iterator[str]:
    """What the service has not heard yet, or has not answered."""
    for close in record.closes:
        proof = "" if close.session.token else f" with the key of {close.serial_number}"
        at = words.moment(words.ENGLISH, close.ended_at, dt.UTC) + " UTC"
        yield f"{NOTE}close of {close.session.id}{proof}, ended {at if close.ended_at else '?'}"
    if record.pending:
        yield f"{NOTE}no answer yet to the check-out of {record.pending.session_id}"


def of_device(path: Path) -> str:
    """Whether this installation has an id of its own."""
    text, machine_id = device.text_of(path), machine.machine_id()
    if device.id_in(text, machine_id):
        known = "and this machine says who it is" if machine_id else "no machine id to check it by"
        return f"{NOTE}device id kept in {path}, {known}"
    if text:
        return (
            f"{NOTE}device id in {path} is another machine's: a new one is made at the next start"
        )
    return f"{NOTE}no device id yet"


def of_network(service: Service, found: Policy) -> Iterator[str]:
    """Proxy, name, connection, certificate, service and clock, in the order of the way there."""
    if not service.url:
        return  # the policy's part says so
    yield "Service"
    try:
        address = addresses.address_of(service.url)
    except NoService:
        yield f"{BAD}{addresses.shown(service.url)} is no address of HTTP."
        return
    try:
        proxy = addresses.proxy_for(address, service.proxy)
    except NoService:
        yield f"{BAD}The proxy {addresses.shown(service.proxy)} is no address of HTTP. {A_PROXY}"
        return
    via = proxy or address
    way = f"by the proxy {via.hostname}:{via.port}" if proxy else "no proxy"
    yield f"{NOTE}{addresses.shown(service.url)}, {way} ({origin_of_proxy(address, found, proxy)})"
    if not found.proxy and (script := proxy_script()):
        shown = addresses.shown(script)
        yield f"{NOTE}A proxy script is set: {shown}. It is not read; a policy can name the proxy."
    yield from of_connection(service, via)
    yield from of_answer(service)


def origin_of_proxy(address: SplitResult, found: Policy, proxy: SplitResult | None) -> str:
    """Who says that there is this proxy, or none."""
    import urllib.request  # as the transport does, only where there may be a proxy

    if found.proxy:
        return found.sources["Proxy"]
    if not addresses.names_a_proxy(urllib.request.getproxies(), address):
        return "none is set"
    in_environment = addresses.names_a_proxy(urllib.request.getproxies_environment(), address)
    origin = "the environment" if in_environment else "the system's settings"
    return origin if proxy else f"an exception in {origin}"


def proxy_script() -> str:
    """The address of the script that names the proxy in Windows' settings."""
    if sys.platform != "win32":
        return ""
    from cloud_licence import registry  # there is no winreg elsewhere

    return registry.proxy_script()


def of_connection(service: Service, via: SplitResult) -> Iterator[str]:
    """Whether somebody listens there."""
    port = via.port or (443 if via.scheme == "https" else 80)
    try:
        with socket.create_connection((str(via.hostname), port), service.timeout) as connection:
            yield f"{OK}{via.hostname}:{port} answers at {connection.getpeername()[0]}."
    except OSError as error:
        yield f"{BAD}{via.hostname}:{port} does not answer: {error}."


def of_answer(service: Service) -> Iterator[str]:
    """Whether it is the service that answers, and how far apart the clocks are."""
    response = service.send("GET", "/healthz")
    if isinstance(response, NoAnswer):
        cause = words.say(words.ENGLISH, f"cause.{response.why}")
        yield f"{BAD}The service cannot be asked ({response.why}). {cause}"
        return
    if not (keys := service.keys()):
        yield f"{BAD}Something else answers ({response.status}): a proxy or a sign-in page?"
        return
    yield f"{OK}The service answers {response.status} and has {len(keys)} public keys."
    if response.date:
        apart = time.time() - email.utils.parsedate_to_datetime(response.date).timestamp()
        is_right = abs(apart) < clocks.TOLERANCE
        yield f"{OK if is_right else BAD}This computer's clock differs by {apart:+.0f} s."
