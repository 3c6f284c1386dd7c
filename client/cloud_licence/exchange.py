"""Exchanges with the service, at the desk: what it must hear is sent, what it says is kept.

What is sent and what follows is decided elsewhere, by ``check_outs``, ``closes`` and ``states``.
"""

from __future__ import annotations

import os
from dataclasses import replace

from cloud_licence import check_outs, closes, keys, leases, machine, records, states
from cloud_licence.answers import Answer, Granted, NoAnswer, Refused, Session
from cloud_licence.desk import Desk
from cloud_licence.records import Pending
from cloud_licence.states import Situation


def take_seat(desk: Desk) -> Answer:
    """Ask for a seat. In a full pool the seat may be our own, whose close is still unsent."""
    answer = check_out(desk)
    is_full = isinstance(answer, Refused) and answer.code == states.POOL_EXHAUSTED
    if is_full and closes.sendable(desk.record, desk.policy.serial_number):
        send_closes(desk)
        answer = check_out(desk)
    return answer


def check_out(desk: Desk) -> Answer:
    """What the service says to somebody who asks for a seat, with the id that it is to have."""
    forget_pending_of_other_key(desk)
    pending = desk.record.pending
    asked = check_outs.document(
        serial_number=desk.policy.serial_number,
        product_key=desk.policy.product_key,
        machine_name=desk.identity.machine_name,
        username=desk.identity.username,
        version=desk.program.version,
        os_session=desk.identity.os_session,
        product=desk.program.software,
        features=[*desk.program.features, *desk.program.optional_features],
        session_id=pending.session_id if pending else machine.new_id(),
        device_id=device_id_for(desk),
    )
    answer = send_check_out(desk, asked)
    spare_id = machine.new_id()
    while changed := check_outs.anew(asked, answer, spare_id=spare_id):
        if changed.get("session_id") == spare_id:
            spare_id = ""
        asked = changed
        answer = send_check_out(desk, asked)
    return answer


def device_id_for(desk: Desk) -> str:
    """The device id to ask with. A session that was granted without one, to an older version of
    this client, is asked for without: with it somebody else would ask."""
    was_without = desk.record.situation.session and not desk.record.device_id
    return "" if was_without else desk.device_id()


def send_check_out(desk: Desk, asked: dict[str, object]) -> Answer:
    """The answer to one request; its id is on disk before, and until something is heard."""
    session_id = str(asked.get("session_id", ""))
    pending = Pending(session_id, desk.policy.serial_number) if session_id else None
    desk.keep(pending=pending)
    desk.write()
    answer = desk.service.check_out(asked)
    if isinstance(answer, Granted):
        desk.keep(device_id=str(asked.get("device_id", "")))
    if not isinstance(answer, NoAnswer):
        desk.keep(pending=None)
    return answer


def forget_pending_of_other_key(desk: Desk) -> None:
    """An id that was made for a session of another key is closed with that key."""
    pending = desk.record.pending
    if pending and not keys.is_same(pending.serial_number, desk.policy.serial_number):
        desk.record = closes.give_up_pending(desk.record, desk.now)


def hear(desk: Desk, answer: Answer) -> None:
    """Keep what follows from the service's answer."""
    if isinstance(answer, Granted):
        answer = keep_grant(desk, answer)
    if isinstance(answer, Refused) and answer.server_time:
        desk.set_clock(answer.server_time)
    situation = states.hear(desk.record.situation, answer, desk.now, uniform)
    desk.keep(situation=situation)
    if isinstance(answer, Refused) and not situation.grace_until:
        desk.keep(lease="")


def uniform(least: float, most: float) -> float:
    """A random number between two; loading ``random`` for it takes longer than all the rest."""
    return least + (most - least) * int.from_bytes(os.urandom(4)) / 2**32


def keep_grant(desk: Desk, answer: Granted) -> Granted:
    """Keep what a grant tells: the time, the licence, the lease; its session is not to be closed.

    A lease that cannot be verified opens nothing offline; the seat is held all the same.
    """
    desk.set_clock(answer.server_time)
    desk.record = closes.strike(desk.record, answer.session.id)
    desk.keep(licence_name=answer.licence_name, serial_number=answer.serial_number, pending=None)
    lease = verified_lease(desk, answer.lease)
    if lease is None and not desk.program.pinned_keys:
        if fetched := desk.service.keys():
            desk.keep(keys=tuple(fetched))
        lease = verified_lease(desk, answer.lease)
    desk.keep(lease=answer.lease if lease else "")
    if lease is None:
        desk.store.note("kept.unsigned")
    if answer.message:
        desk.store.notices.append(answer.message)
    return replace(answer, grace_until=float(lease.until) if lease else 0.0)


def lease_end(desk: Desk) -> float:
    """Until when the lease on disk lets the program open offline; 0 if it does not.

    A clock that was turned back does not make it longer: the latest time that was seen counts.
    """
    lease = verified_lease(desk, desk.record.lease) if desk.record.lease else None
    if lease is None or not leases.runs_at(lease, max(desk.now, desk.record.latest)):
        return 0.0
    return float(lease.until)


def verified_lease(desk: Desk, text: str) -> leases.Lease | None:
    """The lease that a text holds, if the service signed it for this user on this machine."""
    try:
        return leases.verified(
            text,
            leases.trusted(desk.program.pinned_keys, desk.record.keys),
            machine_name=desk.identity.machine_name,
            username=desk.identity.username,
            product=desk.program.software,
        )
    except leases.LeaseNotValid:
        return None


def send_closes(desk: Desk, *, just_now: tuple[str, ...] = ()) -> None:
    """Say which sessions were closed, as long as the service answers.

    ``just_now`` are the ids of those that end this moment: theirs is the service's time.
    """
    pair = (desk.policy.serial_number, desk.policy.product_key)
    for close in closes.sendable(desk.record, desk.policy.serial_number):
        ended_at = closes.ended_at(close, is_now=close.session.id in just_now)
        answer = desk.service.close(close.session, pair=pair, ended_at=ended_at)
        desk.record = closes.hear(desk.record, close, answer)
        if isinstance(answer, NoAnswer):
            return


def give_back(desk: Desk) -> None:
    """Close the session, now or when the service can be reached again."""
    session, pending = desk.record.situation.session, desk.record.pending
    ended = (session.id if session else "", pending.session_id if pending else "")
    desk.record = closes.leave(desk.record, desk.now)
    if lasts_no_longer(desk):
        desk.keep(lease="", situation=Situation())
    desk.write()
    send_closes(desk, just_now=ended)


def leave_another(desk: Desk, known: Session | None, answer: Granted) -> None:
    """A session that was known, and with which a grant does not go on, is to be closed: it ended
    when the program was last seen."""
    if known and known.id != answer.session.id:
        desk.record = closes.queue(desk.record, known, desk.record.latest)


def lasts_no_longer(desk: Desk) -> bool:
    """Whether the lease ends with a clean close, for it promises so little."""
    lease = verified_lease(desk, desk.record.lease) if desk.record.lease else None
    return lease is not None and lease.until - lease.signed_at <= records.SHORT_LEASE
