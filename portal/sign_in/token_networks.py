"""From which networks an API token is used; one that is new to it is told in the audit record.

A network is 256 neighbours of IPv4, or 2^64 of IPv6. The first that a token is used from is no
news. Of a token one entry is written in ten minutes, whoever tries it from wherever: a network
that was not told then is told when it is used again.
"""

from __future__ import annotations

from django.db import transaction

from licensing import audit
from licensing.api.addresses import IPV6_NETWORK
from licensing.models import Account
from portal.models import ApiToken
from portal.sign_in import alarms, sign_ins

EVENT = "api_token_new_network"
MOST = 100
"""So many are remembered of a token; one that was not used for longest is forgotten first."""


def note(token: ApiToken, address: str | None, *, by: audit.Actor) -> None:
    """Remember the network that a token is used from, and record it if another was known."""
    if address is None:
        return
    network = sign_ins.network_of(address, ipv6=IPV6_NETWORK)
    if network in token.networks:
        return
    with transaction.atomic():
        Account.objects.locked(token.account_id)
        learn(ApiToken.objects.get(pk=token.pk), network, by=by)


def learn(token: ApiToken, network: str, *, by: audit.Actor) -> None:
    """Add the network to those that are known, unless another request just did."""
    known = known_of(token)
    if network in token.networks:
        return
    if known and network not in known:
        if alarms.is_recorded(token, EVENT):
            return
        audit.record(token, EVENT, by=by, network=network)
    networks = [*(one for one in known if one != network), network][-MOST:]
    ApiToken.objects.filter(pk=token.pk).update(networks=networks)


def known_of(token: ApiToken) -> list[str]:
    """Those that it was used from; of one from before they were remembered, the last."""
    if token.networks or not token.last_used_from:
        return token.networks
    return [sign_ins.network_of(token.last_used_from, ipv6=IPV6_NETWORK)]
