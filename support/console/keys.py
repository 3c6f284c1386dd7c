"""What a product key's page tells: its state in words, who uses it, how far a hand-over is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from licensing import sightings
from licensing.models import Licence, ProductKey
from licensing.models.keys import KeyState
from licensing.sightings import Sighting
from portal.licences.key_letter import letters, page_of_files, page_of_key
from portal.licences.keys import UNUSED, is_in_overlap
from portal.people import invitations
from portal.words.replies import Reply
from support.acts.hand_over import hand_over
from support.acts.keys import replacement_of
from support.words import moment, number_of

MOST_LEFT = 100


@dataclass(frozen=True)
class Use:
    """On how many machines a key was used in 30 days, and how many programs run with it now."""

    machines: int
    running: int


@dataclass(frozen=True, kw_only=True)
class Following:
    """How far the machines that used a replaced key in 30 days have come to the ``new`` one.

    ``left`` are those that were not seen there yet.
    """

    old: ProductKey
    new: ProductKey
    seen: int
    left: list[Sighting]

    @property
    def moved(self) -> int:
        return self.seen - len(self.left)

    @property
    def shown(self) -> list[Sighting]:
        """As many of those who are left as a page has."""
        return self.left[:MOST_LEFT]

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return len(self.left) > MOST_LEFT

    @property
    def told(self) -> str:
        """How far that is."""
        if not self.seen:
            return "No machine used the old key in 30 days."
        return f"{self.moved:,} of {number_of(self.seen, 'machine')} on the new key."

    @property
    def how_the_old_stands(self) -> str:
        """Whether the old key starts the program still."""
        return in_words(self.old)


@dataclass(frozen=True, kw_only=True)
class HandingOver:
    """Where those who may read a key find it and its files, and what they may be written."""

    key_url: str
    files_url: str
    letters: list[Reply]
    mailed: str


def use_of(licence: Licence) -> dict[int, Use]:
    """The use of each key of a licence that was used at all, by the key's id."""
    open_now = licence.sessions.active().order_by().values_list("key").annotate(Count("pk"))
    running = dict(open_now)
    seen = sightings.use_of_keys(licence)
    return {
        key: Use(len(seen.get(key, UNUSED).of_late), running.get(key, 0))
        for key in {*seen, *running}
    }


def in_words(key: ProductKey) -> str:
    """Active, superseded or revoked: since when, and whether it starts the program still."""
    if key.state == KeyState.REVOKED:
        at = f" on {moment(key.revoked_at, key.account)}" if key.revoked_at else ""
        return f"Revoked{at}: it starts the program no more."
    if key.state == KeyState.ACTIVE or key.superseded_at is None:
        return "Active"
    at = moment(key.superseded_at, key.account)
    if is_in_overlap(key):
        return f"Superseded, not revoked: it starts the program until {at}."
    return f"Superseded: it starts the program no more since {at}."


def following(key: ProductKey) -> Following | None:
    """How far the machines are that have to move from this key, or to it; None for neither."""
    new = replacement_of(key)
    old = key if new else key.supersedes
    if old is None:
        return None
    seen = sightings.machines(old, since=sightings.RECENT)
    return Following(old=old, new=new or key, seen=len(seen), left=sightings.stragglers(old))


def handing_over(key: ProductKey, *, signed: str) -> HandingOver | None:
    """How its owners come by a key that is theirs to use; None for one that has ended."""
    if key.state != KeyState.ACTIVE or key.account.closed_at:
        return None
    return HandingOver(
        key_url=page_of_key(key),
        files_url=page_of_files(key),
        letters=letters(key, signed=signed),
        mailed=mailed(key),
    )


def mailed(key: ProductKey) -> str:
    """When those who may read it were last sent the link, and what is sent to whom."""
    last = key.account.audit_entries.filter(
        action="key_handed_over", object_kind="product key", object_id=str(key.pk)
    ).first()
    told = f"Mailed last {moment(last.at, key.account)}." if last else "Not mailed by hand yet."
    days = invitations.GOOD_FOR.days
    return (
        f"{told} Hand over to owners mails it; whoever is invited gets an invitation that leads "
        f"there and is good for {days} days."
    )


def hand_over_of(key: ProductKey) -> str:
    """Which key this one replaces, or is replaced by, and who reads the new one."""
    new = replacement_of(key)
    old = key if new else key.supersedes
    if old is None:
        return f"It replaces no key, and none replaces it. {hand_over(key.account)}"
    return f"{new or key} replaces {old}. {in_words(old)} {hand_over(key.account)}"


def used_widely(key: ProductKey) -> str:
    """Whether it may have leaked."""
    new = number_of(sightings.new_machines(key), "new machine")
    if sightings.is_used_widely(key):
        return f"Yes: {new} in 7 days, far more than before. It may have leaked."
    return f"No: {new} in 7 days."
