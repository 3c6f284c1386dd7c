"""Moving a customer's FlexNet or RLM options file to access rules.

INCLUDE and EXCLUDE become rules of the licence that goes by the product's name, INCLUDEALL and
EXCLUDEALL rules of the account. What has no counterpart is told line by line, and nothing is left
out in silence. What is there already is not made again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from licensing import audit, import_acts, keys, rules
from licensing.alm import Problem, decode
from licensing.catalogue import spelled
from licensing.errors import InvalidOperation
from licensing.identity import as_compared
from licensing.models import AccessRule, Account, Licence, ProductKey
from licensing.models.imports import Source
from licensing.models.licences import LicenceState
from licensing.models.rules import Effect
from licensing.names import require_one_line
from licensing.options_files import (
    ABOUT_A_PRODUCT,
    ABOUT_ALL,
    GROUPS,
    Dialect,
    OptionLine,
    OptionsFile,
    Restriction,
    read,
    restriction,
)
from licensing.rules import NewRule

MOST_RULES = 1500
"""Every check-out looks at its account's rules."""
COMES_BACK = (
    "a seat whose program is gone comes back by itself, when the licence's policy says so: "
    "set the reclaim time there"
)
WITHOUT_COUNTERPART = {
    "RESERVE": "no seats are kept for anybody. For seats of their own, sell these people a licence "
    "of their own, with as many seats, and lower the limit of this one by them",
    "MAX": "nobody has a limit of their own. A licence of its own limits a group",
    "EXEMPT_MAX": "nobody has a limit of their own, so nobody need be exempt",
    "EXEMPTALL_MAX": "nobody has a limit of their own, so nobody need be exempt",
    "MAX_OVERDRAFT": "a licence has as many seats as it has; there is no overdraft",
    "TIMEOUT": COMES_BACK,
    "TIMEOUTALL": COMES_BACK,
    "LINGER": "a seat is given back when the program closes",
    "GROUPCASEINSENSITIVE": "names are compared without regard to case, always",
    "NOLOG": "sessions, refusals and changes are recorded, always",
    "DEBUGLOG": "there is no log file: refusals and sessions are in the portal",
    "REPORTLOG": "there is no log file: use is in the portal and its files",
    "ROTATE": "there is no log file to be rotated",
    "PURGE_REPORTLOG": "there is no log file to be purged",
    "AUTOMATIC_REREAD": "licences hold as they are, and nothing is reread",
    "MAX_BORROW_HOURS": "the grace period of the licence's policy is how long it works offline",
    "BORROW_LOWWATER": "every seat may go offline for the grace period of the licence's policy",
    "EXCLUDE_BORROW": "everybody may go offline for the grace period of the licence's policy",
    "INCLUDE_BORROW": "everybody may go offline for the grace period of the licence's policy",
    "EXCLUDEALL_ROAM": "everybody may go offline for the grace period of the licence's policy",
    "INCLUDEALL_ROAM": "everybody may go offline for the grace period of the licence's policy",
    "ROAM_MAX_DAYS": "the grace period of the licence's policy is how long it works offline",
    "ROAM_MAX_COUNT": "every seat may go offline for the grace period of the licence's policy",
    "TIMEZONE": "where a computer is decides nothing",
    "PRIORITY": "nobody is served before others",
    "EXPRESS": "nobody waits in a queue",
    "CLIENT_CACHE": "the grace period of the licence's policy is how long it works offline",
    "INTERNET_GROUP": "rules are about users and machines, not about addresses in a network",
}
OF_NO_RULE = {
    "DISPLAY": "rules are about users and machines, not about displays",
    "INTERNET": "rules are about users and machines, not about addresses in a network",
    "INTERNET_GROUP": "rules are about users and machines, not about addresses in a network",
    "PROJECT": "rules are about users and machines, not about projects",
}
EFFECTS = {"INCLUDE": Effect.ALLOW, "EXCLUDE": Effect.BLOCK}
ADDRESS = re.compile(r"[\d*]{1,3}(\.[\d*]{1,3}){3}")


@dataclass(slots=True)
class Plan:
    """What an import would make, what has no counterpart, and what keeps it from being made."""

    wanted: list[NewRule] = field(default_factory=list)
    made_of: list[Problem] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    there_already: int = 0


@dataclass(frozen=True)
class Named:
    """The licences of an account by what a file may call them."""

    account: Account
    called: Mapping[str, list[Licence]]

    def licence(self, product: str) -> Licence:
        """The one that is meant; raise InvalidOperation that says how to name it."""
        found = self.called.get(spelled(product), [])
        if len(found) == 1:
            return found[0]
        names = ", ".join(str(one) for one in found)
        raise InvalidOperation(
            f"{product} may be any of {names}. Say which: {product}=its serial number."
            if found
            else f"{self.account} has no licence of the name or product {product}. Say which is "
            f"meant: {product}=its serial number."
        )


def plan(account: Account, content: bytes, dialect: Dialect, licences: str = "") -> Plan:
    """What this options file would make for the account; nothing is changed.

    ``licences`` says which licence a product of the file is, as ``planner=4Q7M-0XWT-9K2C``, with
    line breaks or commas between several. Raise InvalidOperation for what is no such file.
    """
    text = decode(content, what="plain text file, as options files are", save_as="Text, UTF-8")
    file = read(text, dialect)
    named, planned = named_licences(account, licences), Plan()
    there = {identity(rule) for rule in AccessRule.objects.filter(account=account).current()}
    for line in file.lines:
        try:
            take(planned, file, line, named, there)
        except InvalidOperation as problem:
            planned.problems.append(Problem(line.number, f"{line}: {problem}"))
    if len(planned.wanted) > MOST_RULES:
        raise InvalidOperation(
            f"The file makes {len(planned.wanted):,} rules: {MOST_RULES:,} are the most. Take "
            "some out, and add rules with * for them by hand."
        )
    return planned


def take(
    planned: Plan, file: OptionsFile, line: OptionLine, named: Named, there: set[tuple[object, ...]]
) -> None:
    """Add to the plan what a line stands for; raise InvalidOperation that says what is wrong."""
    if line.keyword in GROUPS:
        require_group(line)
    elif line.keyword in (*ABOUT_A_PRODUCT, *ABOUT_ALL):
        take_restriction(planned, file, line, named, there)
    elif why := WITHOUT_COUNTERPART.get(line.keyword):
        planned.left.append(Problem(line.number, f"{line}: {why}."))
    else:
        raise InvalidOperation(f"{line.keyword} is no option of {file.dialect} that is known.")


def require_group(line: OptionLine) -> None:
    """Raise InvalidOperation for a group of nobody."""
    if len(line.words) < 3:
        raise InvalidOperation(f"After {line.keyword} come its name and its members.")


def take_restriction(
    planned: Plan, file: OptionsFile, line: OptionLine, named: Named, there: set[tuple[object, ...]]
) -> None:
    """Add the rules of an INCLUDE or EXCLUDE, or why there are none."""
    about = restriction(line)
    if why := why_no_rule(about):
        planned.left.append(Problem(line.number, f"{line}: {why}."))
        return
    require_one_product(about, line)
    licence = named.licence(about.product) if about.product else None
    effect = EFFECTS[line.keyword.removesuffix("ALL")]
    found = list(rules_of(about, file, licence, effect))
    new = {one: rule for rule in found if (one := identity(rule)) not in there}
    planned.there_already += len({identity(rule) for rule in found}) - len(new)
    planned.wanted += new.values()
    there |= new.keys()
    planned.made_of.append(Problem(line.number, told(about, effect, licence, named.account)))


def require_one_product(about: Restriction, line: OptionLine) -> None:
    """Raise InvalidOperation for what would be every product, which another option is for."""
    if "*" in about.product:
        raise InvalidOperation(
            f"{about.product} is no product. What is for every licence of the account is "
            f"{line.keyword.removesuffix('ALL')}ALL {about.kind} {about.name}."
        )


def why_no_rule(about: Restriction) -> str:
    """Why there is no rule for such a restriction; empty where there is one."""
    if about.narrowed_by:
        return (
            f"it is for a part of the product ({about.narrowed_by}), and rules are about all of a "
            "licence. Add one by hand if that is meant"
        )
    if about.kind == "HOST" and ADDRESS.fullmatch(about.name):
        return OF_NO_RULE["INTERNET"]
    return OF_NO_RULE.get(about.kind, "")


def rules_of(
    about: Restriction, file: OptionsFile, licence: Licence | None, effect: Effect
) -> Iterator[NewRule]:
    """The rules of a restriction, one for each form in which programs tell a name."""
    names = [about.name] if about.kind not in GROUPS else file.members(about.kind, about.name)
    is_user = GROUPS.get(about.kind, about.kind) == "USER"
    for name in names:
        require_plain(name)
        for pattern in rules.user_forms(name) if is_user else [rules.named(name)]:
            rule = NewRule(
                licence=licence,
                effect=effect,
                username=pattern if is_user else "",
                machine_name="" if is_user else pattern,
            )
            rules.require_names(rule)
            yield rule


def require_plain(name: str) -> None:
    """Raise InvalidOperation for a name that is none, or that may stand for several."""
    require_one_line(name)
    if "*" in name:
        raise InvalidOperation(
            f"{name} is not one name, and these files have no pattern: write each name in a line "
            "of its own. Or take the line out, and add an access rule by hand, where * stands for "
            "any characters."
        )


def identity(rule: NewRule | AccessRule) -> tuple[object, ...]:
    """What makes two rules the same."""
    licence = rule.licence.pk if isinstance(rule, NewRule) and rule.licence else None
    if isinstance(rule, AccessRule):
        licence = rule.licence_id
    names = as_compared(rule.username), as_compared(rule.machine_name)
    return licence, str(rule.effect), *names


def told(about: Restriction, effect: Effect, licence: Licence | None, account: Account) -> str:
    """What a line becomes."""
    whom = f"{about.kind.replace('_', ' ').lower()} {about.name}"
    where = str(licence) if licence else f"every licence of {account}"
    if effect == Effect.BLOCK:
        return f"{whom} can't take a seat of {where}."
    return f"only {whom}, and others who are included, can take a seat of {where}."


def named_licences(account: Account, licences: str) -> Named:
    """The account's licences by name, product and what ``licences`` says.

    Raise InvalidOperation where it names none of theirs.
    """
    called: dict[str, list[Licence]] = {}
    going_on = account.licences.exclude(state=LicenceState.CLOSED)
    for one in going_on.select_related("product").order_by("pk"):
        for name in {spelled(one.name), spelled(one.product.code), spelled(one.product.name)}:
            called.setdefault(name, []).append(one)
    for part in filter(None, map(str.strip, re.split(r"[,;\n]", licences))):
        product, _equals, serial = map(str.strip, part.partition("="))
        called[spelled(product)] = [of_serial(account, serial, part)]
    return Named(account, called)


def of_serial(account: Account, serial: str, part: str) -> Licence:
    """The account's licence of a serial number; raise InvalidOperation if it has none such."""
    found = ProductKey.objects.filter(
        account=account, serial_number=keys.normalise_serial(serial) or ""
    )
    key = found.select_related("licence").first()
    if key is None:
        raise InvalidOperation(
            f"{part!r} names no licence of {account}: write planner=4Q7M-0XWT-9K2C.",
            part="licences",
        )
    return key.licence


@transaction.atomic
def carry_out(account: Account, planned: Plan, *, by: audit.Actor, reason: str) -> list[AccessRule]:
    """Make every rule of the plan that is not there yet: together, or some would be kept out whom
    the next rule lets in.

    Raise InvalidOperation, and make nothing, when the plan has problems.
    """
    if planned.problems:
        raise InvalidOperation(
            f"The file has {len(planned.problems)} lines that are not right: mend them first."
        )
    if not (number := len(planned.wanted)):
        return []
    counts = {"rules": number}
    with import_acts.at_once(account, Source.OPTIONS, counts, by=by, reason=reason):
        return rules.add_all(account, planned.wanted, by=by, reason=reason)
