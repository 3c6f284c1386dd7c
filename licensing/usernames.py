"""The names under which programs know one person, and which of them go together.

Windows writes a user with the domain (``BROOK\\j.smith``), as an address
(``j.smith@brook.example``) or bare (``j.smith``). The user and the first label of the domain tell
who it is: those three are one person, ``CONTRACTORS\\j.smith`` is another. A bare name is theirs
whose domain is the only one that is known of that user; of several it may be any, and nobody's
until somebody says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from licensing.identity import as_compared


class UserName(NamedTuple):
    """A name as compared: the user, and the first label of the domain; "" for a bare name."""

    user: str
    domain: str

    def __str__(self) -> str:
        return f"{self.domain}\\{self.user}" if self.domain else self.user


def read(name: str) -> UserName:
    """A name that a program or a person wrote; one that is nothing but a domain is a bare name."""
    whole = as_compared(name)
    domain, _backslash, user = whole.rpartition("\\")
    if "@" in user.strip("@"):
        user, _at, domain = user.rpartition("@")
    return UserName(user, domain.partition(".")[0]) if user else UserName(whole, "")


def names_nobody(name: str) -> bool:
    """Whether a name is a domain alone, such as ``BROOK\\``."""
    return as_compared(name).endswith("\\")


def as_person(name: str) -> str:
    """The form in which names are one person's beyond doubt: "brook\\j.smith"."""
    return str(read(name))


def split(name: str, known: Iterable[str]) -> tuple[list[str], list[str]]:
    """Of names that are known: those that go together with this one, and the other people's.

    Of the others none is of another user; each may be the same person all the same.
    """
    asked = read(name)
    alike = [one for one in known if read(one).user == asked.user]
    domains = {read(one).domain for one in [name, *alike]} - {""}
    theirs = [one for one in alike if go_together(asked, read(one), domains)]
    return theirs, [one for one in alike if one not in theirs]


def go_together(one: UserName, other: UserName, domains: Collection[str]) -> bool:
    """Whether two names of a user are one person's, where these domains are known of the user."""
    return one.domain == other.domain or (len(domains) == 1 and not (one.domain and other.domain))


def literally(text: str) -> str:
    """A text as PostgreSQL's LIKE reads it for nothing but itself."""
    for character in ("\\", "%", "_"):
        text = text.replace(character, "\\" + character)
    return text


def forms(name: str) -> list[str]:
    """What names are like that are one person's beyond doubt, as LIKE reads it."""
    user, domain = map(literally, read(name))
    if not domain:
        return [user, rf".\\{user}"]
    address = rf"{user}@{domain}"
    by_domain = [rf"{domain}\\{user}", rf"{domain}.%\\{user}"]
    return [*by_domain, address, f"{address}.%", rf"%\\{address}", rf"%\\{address}.%"]


def forms_alike(name: str) -> list[str]:
    """What names of the same user are like, whatever their domain, as LIKE reads it."""
    user = literally(read(name).user)
    return [user, rf"%\\{user}", f"{user}@%", rf"%\\{user}@%"]
