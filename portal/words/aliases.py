"""Names of people and machines as one reader may see them: real, or stable aliases.

An account's owners may decide that viewers see aliases. Whoever builds rows asks
the reader's ``Names``, so that pages, exports and the API cannot differ. An alias
is made from the name as it is compared, with a key of the account's own: always
the same within the account, another in every other, and no way back. Names that are
one person's beyond doubt (``licensing.usernames``) have one alias; a bare name has its
own, for what is known of its user changes. Account holders keep their names: viewers
have to know whom to ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import MD5, Concat
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from licensing.denials import SOMEBODY
from licensing.identity import as_compared
from licensing.models import Account, AuditEntry
from licensing.usernames import as_person
from portal.models import AccountPreferences, Membership, Role
from portal.words.recorded import object_in_words

BIRDS = (
    "Avocet", "Bittern", "Bunting", "Buzzard", "Chaffinch", "Cormorant", "Crane", "Curlew",
    "Dipper", "Dotterel", "Dunlin", "Dunnock", "Eider", "Falcon", "Fieldfare", "Finch",
    "Fulmar", "Gannet", "Godwit", "Goldcrest", "Goshawk", "Grebe", "Grouse", "Harrier",
    "Heron", "Hobby", "Jackdaw", "Kestrel", "Kingfisher", "Kite", "Kittiwake", "Lapwing",
    "Linnet", "Magpie", "Martin", "Merlin", "Nightjar", "Nuthatch", "Oriole", "Osprey",
    "Ouzel", "Peregrine", "Petrel", "Pipit", "Plover", "Puffin", "Quail", "Redstart",
    "Redwing", "Robin", "Sandpiper", "Shearwater", "Shrike", "Siskin", "Skylark", "Snipe",
    "Starling", "Stonechat", "Swallow", "Tern", "Thrush", "Turnstone", "Wagtail", "Whimbrel",
)  # fmt: skip
TREES = (
    "Acacia", "Alder", "Almond", "Apple", "Ash", "Aspen", "Bay", "Beech",
    "Birch", "Blackthorn", "Box", "Buckthorn", "Cedar", "Cherry", "Chestnut", "Cypress",
    "Damson", "Dogwood", "Elder", "Elm", "Fig", "Fir", "Gorse", "Hawthorn",
    "Hazel", "Hemlock", "Hickory", "Holly", "Hornbeam", "Juniper", "Laburnum", "Larch",
    "Laurel", "Lilac", "Lime", "Linden", "Magnolia", "Maple", "Medlar", "Mulberry",
    "Myrtle", "Oak", "Olive", "Osier", "Pear", "Pine", "Plane", "Plum",
    "Poplar", "Quince", "Redwood", "Rowan", "Sallow", "Sequoia", "Service", "Sloe",
    "Spindle", "Spruce", "Sycamore", "Tamarisk", "Walnut", "Whitebeam", "Willow", "Yew",
)  # fmt: skip
CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Those that nobody takes for one another."""
LENGTH = 8
"""So long that of 10,000 names two share an alias in less than one account of a million."""
NAMED_FREELY = ("access rule", "report", "saved view")
"""Kinds of objects whose names may be those of people and machines."""
NOBODY = ("", SOMEBODY)
"""What stands where no one is named: nothing, or that there were several."""


@dataclass(frozen=True)
class Names:
    """How one reader sees the people and machines of an account."""

    account: Account
    are_aliases: bool

    def person(self, username: str) -> str:
        """A user's name, or "Person Heron-7K2M-9XQD"."""
        if not self.are_aliases or username in NOBODY:
            return username
        person = as_person(username)
        return _("Person %(alias)s") % {"alias": alias(self.account, "person", person, BIRDS)}

    def machine(self, machine_name: str) -> str:
        """A machine's name, or "Machine Alder-4WPX-83TN"."""
        if not self.are_aliases or machine_name in NOBODY:
            return machine_name
        return _("Machine %(alias)s") % {
            "alias": alias(self.account, "machine", machine_name, TREES)
        }

    def pattern(self, pattern: str) -> str:
        """What an access rule is about; for readers of aliases only that it names somebody."""
        return _("A name that viewers don't see") if self.are_aliases and pattern else pattern

    def written(self, text: str) -> str:
        """What somebody wrote; nothing for readers of aliases, for it may name anybody."""
        return "" if self.are_aliases else text

    def actor(self, entry: AuditEntry) -> str:
        """Who did it; account holders by name, the user of a program, who moved it, by alias."""
        name: str = entry.actor_name
        is_user = entry.actor_kind == "client"
        return self.session(name) if self.are_aliases and is_user else name

    def session(self, written: str) -> str:
        """A session that was written down as "anna on CAD-1", in the reader's words for both."""
        if not self.are_aliases:
            return object_in_words("client session", written)
        user, _on, machine = written.rpartition(" on ")
        words = {"user": self.person(user), "machine": self.machine(machine)}
        return _("%(user)s on %(machine)s") % words

    def object(self, entry: AuditEntry) -> str:
        """What an audit entry is about."""
        name: str = entry.object_name
        if entry.object_kind == "client session":
            return self.session(name)
        if not self.are_aliases:
            return object_in_words(entry.object_kind, name)
        if entry.object_kind == "device":
            return self.machine(name)
        if entry.object_kind in NAMED_FREELY:
            return self.pattern(name)
        return object_in_words(entry.object_kind, name)

    def put_on[Row](self, rows: Iterable[Row]) -> list[Row]:
        """The rows (sessions, devices, denials), which are for showing only, named for the reader.

        Whatever prints them afterwards cannot show what the reader may not see.
        """
        return [self.named(row) for row in rows] if self.are_aliases else list(rows)

    def mixed(self, column: Any) -> MD5:
        """What readers of aliases sort by: it keeps one name's rows together, and tells no more.

        Without the key, who knows the names could work out their order, and so their aliases.
        """
        return MD5(Concat(Value(order_key(self.account)), column))

    def named(self, row: Any) -> Any:
        """A row with its user and machine as the reader may see them."""
        user, machine = self.person(row.username), self.machine(row.machine_name)
        if is_dataclass(row) and not isinstance(row, type):
            return replace(row, username=user, machine_name=machine)
        row.username, row.machine_name = user, machine
        return row


def names_for(membership: Membership) -> Names:
    """The names as this account holder sees them; only viewers ever see aliases."""
    account = membership.account
    is_viewer = Role(membership.role) == Role.VIEWER
    return Names(account, are_aliases=is_viewer and shows_aliases(account))


def real_names(account: Account) -> Names:
    """The names as managers and owners see them."""
    return Names(account, are_aliases=False)


def shows_aliases(account: Account) -> bool:
    """Whether the account's owners want viewers to see aliases; as the account was loaded."""
    preferences: AccountPreferences | None = getattr(account, "preferences", None)
    return preferences is not None and preferences.shows_aliases


def order_key(account: Account) -> str:
    """With it the database mixes names before it sorts by them for a reader of aliases."""
    made = salted_hmac(
        "order-of-aliases",
        str(account.pk),
        secret=settings.PRODUCT_KEY_DIGEST_KEY,
        algorithm="sha256",
    )
    return made.hexdigest()


def alias(account: Account, kind: str, name: str, words: tuple[str, ...]) -> str:
    """A word and characters for a name, such as "Heron-7K2M-9XQD"."""
    digest = salted_hmac(
        f"alias-of-{kind}-{account.pk}",
        as_compared(name),
        secret=settings.PRODUCT_KEY_DIGEST_KEY,
        algorithm="sha256",
    ).digest()
    number, word = divmod(int.from_bytes(digest), len(words))
    characters = ""
    for _place in range(LENGTH):
        number, place = divmod(number, len(CHARACTERS))
        characters += CHARACTERS[place]
    return f"{words[word]}-{characters[:4]}-{characters[4:]}"
