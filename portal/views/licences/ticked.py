"""The licences that were ticked on their list, for acts on many at once."""

from __future__ import annotations

from portal.exports import listings
from portal.licences.rows import LicenceRow
from portal.lists import ticked as ticked_rows
from portal.views.access import AccountRequest


def ticked(request: AccountRequest) -> list[LicenceRow]:
    """Those of the account that were ticked, or all that match the view; none if neither."""
    if not ticked_rows.is_any(request):
        return []
    return listings.licences(request.membership, ticked_rows.asked(request))
