"""The licences that were ticked on their list, for acts on many at once."""

from __future__ import annotations

from portal.licences.query import LicenceList
from portal.licences.rows import LicenceRow
from portal.lists import ticked as ticked_rows
from portal.views.access import AccountRequest
from portal.words.aliases import names_for


def ticked(request: AccountRequest) -> list[LicenceRow]:
    """Those of the account that were ticked, or all that match the view; none if neither."""
    if not ticked_rows.is_any(request):
        return []
    parameters = ticked_rows.asked(request)
    return LicenceList(request.account, parameters, names_for(request.membership)).rows
