"""The licence position: what an account owns and uses at one moment, for a sheet of paper."""

from __future__ import annotations

from dataclasses import dataclass

from licensing.models import Account, ProductKey
from licensing.models.licences import LicenceState
from licensing.names import alphabetical
from portal.licences.rows import LicenceRow, by_licence, is_pool, licences_of


@dataclass(frozen=True)
class Position:
    """Licences of one kind by name, and how much of those that can be used now is in use."""

    rows: list[LicenceRow]

    @property
    def usable(self) -> list[LicenceRow]:
        """Those that count: not suspended, ended or yet to start."""
        return [row for row in self.rows if row.is_usable]

    @property
    def seats(self) -> int:
        return sum(row.licence.seats for row in self.usable)

    @property
    def in_use(self) -> int:
        return sum(row.in_use for row in self.usable)


def position_of(account: Account) -> tuple[Position, Position]:
    """The account's pools and its single-user licences; what is closed is owned no more."""
    rows = [row for row in licences_of(account) if row.licence.state != LicenceState.CLOSED]
    keys = by_licence(ProductKey.objects.filter(account=account))
    for row in rows:
        row.keys = keys[row.licence.pk]
    rows.sort(key=lambda row: alphabetical(row.licence.name))
    pools = [row for row in rows if is_pool(row)]
    return Position(pools), Position([row for row in rows if not is_pool(row)])
