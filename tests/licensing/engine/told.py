"""What the model says, in the form in which the database is looked at."""

from __future__ import annotations


def sessions(model, numbers):
    """Each session with all that was promised about it, by its id."""
    return {
        session.id: (
            numbers[session.licence],
            session.key.serial_number,
            session.version,
            session.refreshed_at,
            session.grace_until,
            session.reclaim_at,
            session.ended_at,
            session.reason,
            session.held_since,
            1 if session.is_active else 0,
            sorted(session.held),
        )
        for session in model.sessions
    }


def seats(model, numbers):
    """How many seats each licence has, and the devices that they are bound to."""
    return {
        numbers[licence]: (model.seat_rows(licence), sorted(licence.bound))
        for licence in model.licences
    }


def denials(model, numbers):
    """Every refusal, folded into ten minutes."""
    return sorted(
        (str(numbers.get(licence)), desktop.machine, desktop.user, *rest, count)
        for (licence, desktop, *rest), count in model.denials.items()
    )


def holds(model, numbers):
    """Holds that are over and that no session tells any more."""
    return sorted(
        (session.id, numbers[session.licence], *hold)
        for session in model.sessions
        for hold in session.holds
    )


def limits(model, numbers):
    """How many seats each licence and each feature had from when on; no feature is its own."""
    return {
        (numbers[licence], feature): changes for (licence, feature), changes in model.limits.items()
    }


def late_facts(model, numbers):
    """The hours that have to be counted again."""
    return sorted((numbers[licence], since) for licence, since in model.late_facts)
