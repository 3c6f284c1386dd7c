"""What becomes of each table of an account that is merged into another: the one list of it.

``tests/portal/accounts/test_fates.py`` says so when a table is new and has no line here.
"""

from __future__ import annotations

from enum import Enum


class Fate(Enum):
    """What becomes of a table's rows."""

    MOVES = "becomes the other account's"
    STAYS = "stays with the closed account, as a record"
    ENDS = "ends"


MOVES, STAYS, ENDS = Fate.MOVES, Fate.STAYS, Fate.ENDS

OF_EACH: dict[str, Fate] = {
    "licensing.Licence": MOVES,  # with what it was in ALM; one whose name is taken gets another
    "licensing.ProductKey": MOVES,
    "licensing.Seat": MOVES,
    "licensing.Device": MOVES,
    "licensing.ClientSession": MOVES,  # those of history, too
    "licensing.Denial": MOVES,  # those of history, too
    "licensing.AccessRule": MOVES,  # one about all licences becomes one about each that moves
    "licensing.AuditEntry": STAYS,  # each account has its own chain
    "licensing.OutboxEvent": STAYS,  # with its entry
    "licensing.Import": STAYS,  # what is left of one that runs is told as not made
    "licensing.Account": STAYS,  # what was merged into it says so still; the end of its ALM moves
    "portal.Membership": MOVES,  # who is in both keeps the higher role
    "portal.Invitation": MOVES,  # of who is there or invited there already it ends
    "portal.LicenceTag": MOVES,
    "portal.LicenceNotes": MOVES,
    "portal.CustomerRequest": MOVES,
    "portal.SavedView": MOVES,  # one whose name is taken has the account's behind it
    "portal.Report": MOVES,  # one that says the same to the same readers ends
    "portal.AlertRule": MOVES,  # one about all licences ends: the other account has its own
    "portal.Alert": MOVES,  # those of licences; the others are over
    "portal.Snooze": MOVES,
    "portal.SecretAddress": MOVES,  # of who has one there it ends
    "portal.ApiToken": ENDS,  # it was given for the other account
    "portal.Webhook": ENDS,  # so was its address
    "portal.SingleSignOn": ENDS,
    "portal.VerifiedDomain": ENDS,
    "portal.Visit": STAYS,  # one that goes on ends
    "portal.Delivery": STAYS,  # mails that were sent
    "portal.Export": STAYS,
    "portal.AccountPreferences": STAYS,  # the other account's hold for all
    "support.CustomerNumber": STAYS,
    "support.Approval": STAYS,
}
