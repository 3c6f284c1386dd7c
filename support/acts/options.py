"""Bringing a customer's FlexNet or RLM options file: what the act asks, foretells and calls."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from licensing import options, rules
from licensing.alm import Problem
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Account, ClientSession
from licensing.models.rules import Effect
from licensing.options_files import Dialect
from portal.words.names import some_of, user_on_machine
from support.acts.files import FileForm, not_right, nothing_new
from support.acts.records import JUST_NOW, RecordAct
from support.acts.why import Usual, Why
from support.words import number_of

IMPORT_OPTIONS = "import-options"


class OptionsForm(FileForm):
    """The options file, whose it is, and which licences it means."""

    none_as_long = "no options file is as long"

    dialect = forms.ChoiceField(
        label="Licence manager",
        choices=[(Dialect.FLEXNET, "FlexNet (lmgrd)"), (Dialect.RLM, "RLM")],
    )
    licences = forms.CharField(
        required=False,
        label="Which licence each product is",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, as planner=4Q7M-0XWT-9K2C. Not needed for a product that is called "
        "as the account's licence, or as its product, is.",
    )
    everybody = forms.BooleanField(
        required=False,
        label="I mean to bar that many people",
        help_text="Needed where most of those who have a seat now would lose it.",
    )
    field_order = ["file", "dialect", "licences", "everybody", "reason"]


def preview_options(
    account: Account, *, content: bytes, dialect: str, licences: str, everybody: bool
) -> list[str]:
    """What the file would make; raise NotReady with every line that is not right."""
    planned = options.plan(account, content, Dialect(dialect), licences)
    lines = told(planned.made_of)
    left = [f"No counterpart: {line}" for line in told(planned.left)]
    if planned.problems:
        right = [f"Right: {line}" for line in lines]
        raise not_right("line", told(planned.problems), [*right, *left])
    if not planned.wanted:
        raise nothing_new("rule", planned.there_already, left)
    losing = rules.would_bar(account, planned.wanted, ClientSession.objects.active())
    require_meant(account, losing, so_many=everybody)
    return [*summary(account, planned), whose_seats(losing), *lines, *left]


def told(found: list[Problem]) -> list[str]:
    """Lines of the file with what is told of them."""
    return [f"Line {one.row}: {one.words}" for one in found]


def summary(account: Account, planned: options.Plan) -> list[str]:
    """How many rules there would be, and what they mean for others."""
    made = number_of(len(planned.wanted), "access rule")
    there = f" {planned.there_already:,} more are there already." if planned.there_already else ""
    lines = [f"{account} gets {made}, one for each form in which programs tell a name.{there}"]
    if any(rule.effect == Effect.ALLOW for rule in planned.wanted):
        lines.append(
            "Where some are included NOBODY ELSE gets in: their seats come back at their next "
            "refresh; a program that is open stays open."
        )
    return lines


def whose_seats(losing: Sequence[ClientSession]) -> str:
    """Which of the sessions that are open lose their seats, in a sentence."""
    if not losing:
        return f"{JUST_NOW}nobody who has a seat loses it."
    lose = number_of(len(losing), "open session loses its seat", "open sessions lose their seats")
    names = some_of(sorted(map(user_on_machine, losing)))
    return f"{JUST_NOW}{lose} at the next refresh ({names})."


def require_meant(account: Account, losing: Sequence[ClientSession], *, so_many: bool) -> None:
    """Raise InvalidOperation where most who have a seat would lose it, unless it is meant."""
    open_now = ClientSession.objects.active().filter(account=account)
    everybody = open_now.order_by().values("person").distinct().count()
    people = {session.person for session in losing}
    if so_many or len(people) < 2 or 2 * len(people) <= everybody:
        return
    names = some_of(sorted({session.username for session in losing}))
    raise InvalidOperation(
        f"This would take the seats of {len(people)} of the {everybody} people who have one now "
        f"({names}). Mend the file, or confirm it here.",
        part="everybody",
    )


def import_options(
    account: Account,
    *,
    by: Actor,
    reason: str,
    content: bytes,
    dialect: str,
    licences: str,
    everybody: bool,
) -> str:
    """Add all rules that the file stands for; return what to tell."""
    planned = options.plan(account, content, Dialect(dialect), licences)
    losing = rules.would_bar(account, planned.wanted, ClientSession.objects.active())
    require_meant(account, losing, so_many=everybody)
    made = options.carry_out(account, planned, by=by, reason=reason)
    left = number_of(len(planned.left), "line has", "lines have")
    return f"Added {number_of(len(made), 'access rule')} to {account}; {left} no counterpart."


IMPORT = RecordAct(
    name=IMPORT_OPTIONS,
    label="Import an options file",
    effects="FlexNet's and RLM's INCLUDE and EXCLUDE become access rules, all of them or none. "
    "What has no counterpart is told line by line.",
    run=import_options,
    reasons=(Usual(Why.ROUTINE, "The move to the cloud."),),
    at_hand=True,
    form=OptionsForm,
    preview=preview_options,
)
