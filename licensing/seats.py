"""How a session comes by a seat: of its pool or its device, with the features that it needs.

What was refused here is told by its reason; ``pools`` does the giving.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from licensing import (
    devices,
    entitlements,
    errors,
    features,
    grants,
    keys,
    looks,
    pools,
    refusals,
    statements,
)
from licensing.grants import Grant
from licensing.identity import Client
from licensing.looks import Look
from licensing.models import ClientSession, Licence, ProductKey


def take(key: ProductKey, client: Client, look: Look | None = None) -> tuple[Grant, bool]:
    """A seat for an entitled client, of its pool or its device."""
    if key.licence.is_concurrent:
        return take_of_pool(key, client, look or looks.look(key, client))
    try:
        return devices.check_out(key, client)
    except (errors.DeviceLimit, errors.PoolExhausted):
        entitlements.require_new_id(key, client)
        raise


@transaction.atomic
def take_with_features(key: ProductKey, client: Client) -> tuple[Grant, bool]:
    """A seat and one of each limited feature that the client needs: all of them or none.

    The licence is locked first, so that two such clients never wait for each other.
    """
    licence = pools.lock(key.licence_id)
    entitlements.require_features(licence, client.features)  # one may have gone just now
    grant, created = take(key, client)
    features.take(grant.session_id, licence, client.features, asker=client)
    if not created:
        features.remember(grant.session_id, client.features)
    return pools.keep_seat(key, client) or grant, created


def take_of_pool(key: ProductKey, client: Client, look: Look) -> tuple[Grant, bool]:
    """A seat of the pool: the one held already, a free one, or one that can be had by waiting."""
    if look.holds_seat and (grant := pools.keep_seat(key, client)):
        return grant, False
    if not look.is_allowed:
        raise errors.AccessBlocked
    if look.knows_id:
        entitlements.require_new_id(key, client)
    if look.is_full:
        raise refusals.pool_exhausted(
            key.licence,
            in_use=look.in_use,
            next_reclaim_at=refusals.earliest_reclaim(look.no_seat_before),
        )

    if grant := pools.open_session(key, client) or pools.open_session_on_last_seat(key, client):
        return grant, True
    if grant := pools.keep_seat(key, client):  # opened by its other window meanwhile
        return grant, False
    key.refresh_from_db(fields=["state", "superseded_at"])
    keys.require_usable(key)  # it may have been revoked just now
    entitlements.require_new_id(key, client)  # or somebody else's session has just taken it
    raise none_left(key.licence, look.no_seat_before)


def none_left(licence: Licence, no_seat_before: dt.datetime | None = None) -> errors.LicensingError:
    """Why the pool gave nothing: it is full, or its licence stopped being usable just now."""
    licence.refresh_from_db(fields=["state", "seats", "starts_on", "ends_on", "no_stale_before"])
    licence.require_usable()
    next_reclaim_at = refusals.earliest_reclaim(licence.no_stale_before, no_seat_before)
    return refusals.pool_exhausted(
        licence, in_use=pools.in_use(licence), next_reclaim_at=next_reclaim_at
    )


@transaction.atomic
def return_to(session: ClientSession) -> Grant | None:
    """Give a reclaimed session a seat again, on its own device if it is single-user.

    It gets the limited features that it had too, or nothing.
    """
    seat = None
    if not session.licence.is_concurrent:
        seat = devices.bound_seat(session.licence, session.machine_name)
        if seat is None:
            return None
    if not pools.return_to_seat(session, seat):
        return None
    features.take(session.pk, session.licence, session.features, asker=session)
    return grants.fetch_grant(statements.REFRESH, {"session": session.pk, "version": None})
