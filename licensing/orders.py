"""Orders: whether a licence that is to be entered is one that a customer can have bought."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from licensing import accounts, catalogue, limits
from licensing.errors import InvalidOperation
from licensing.models import Account, Feature, Product
from licensing.models.licences import LicenceState
from licensing.models.spelling import CustomerName
from licensing.names import customer_name, require_one_line

if TYPE_CHECKING:
    from licensing.licences import Order

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


class Known:
    """What the orders of an account are held against: read once for all of a list."""

    def __init__(self, account_name: str) -> None:
        self.account = accounts.find(account_name)
        self.products = catalogue.products()

    @functools.cached_property
    def names(self) -> set[tuple[int, str]]:
        """The product and the name as compared of each licence that goes on."""
        if self.account is None:
            return set()
        going_on = self.account.licences.exclude(state=LicenceState.CLOSED).order_by()
        return set(going_on.values_list("product_id", CustomerName("name")))

    def require_own_name(self, product: Product, name: str) -> None:
        """As the function of that name."""
        if self.account and (product.pk, customer_name(name)) in self.names:
            raise is_taken(self.account, product, name)


def require_meant(order: Order, known: Known | None = None) -> None:
    """Raise InvalidOperation for an order that nobody sells: what is sold has a future, and is
    told apart from the account's other licences."""
    require_sensible(order)
    known = known or Known(order.account_name)
    if known.account:
        known.account.require_open()
    require_future(order.ends_on, known.account or Account())
    require_labels_apart(order.keys)
    product = catalogue.find_product(order.product, known.products)
    for feature, limit in catalogue.find_features(product, order.features).items():
        require_limit_within(feature, limit, order.seats)
    known.require_own_name(product, order.name or product.name)


def require_on_sale(order: Order) -> None:
    """Raise InvalidOperation where something of it was withdrawn from sale.

    What customers have already, and is only entered here, may have been.
    """
    product = catalogue.find_product(order.product)
    catalogue.require_on_sale(product, catalogue.find_features(product, order.features))


def require_sensible(order: Order) -> None:
    """Raise InvalidOperation for an order that cannot be, whoever enters it."""
    if not order.account_name.strip():
        raise InvalidOperation("An account needs a name.")
    require_one_line(order.account_name, order.name, *order.keys)
    limits.require_seats(order.seats)
    require_term(order.starts_on, order.ends_on)


def require_term(starts_on: dt.date | None, ends_on: dt.date | None) -> None:
    """Raise InvalidOperation for a term that ends before it starts, or is of other centuries."""
    for part, date in (("starts_on", starts_on), ("ends_on", ends_on)):
        if date and not FIRST_DAY <= date <= LAST_DAY:
            raise InvalidOperation(
                f"{date} can't be meant: a term lies between {FIRST_DAY} and {LAST_DAY}. "
                "A licence without end has no last day.",
                part=part,
            )
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidOperation(
            f"The term would end on {ends_on}, before it starts on {starts_on}.", part="ends_on"
        )


def require_future(ends_on: dt.date | None, account: Account) -> None:
    """Raise InvalidOperation for a licence that has ended already, where the account is."""
    if ends_on and ends_on < account.local(timezone.now()).date():
        raise InvalidOperation(
            f"{ends_on} has passed: choose today or a later day.", part="ends_on"
        )


def require_limit_within(
    feature: Feature, limit: int | None, seats: int, *, part: str = "features"
) -> None:
    """Raise InvalidOperation for a feature that more people may use than there are seats."""
    if limit is not None and limit > seats:
        raise InvalidOperation(
            f"{feature} can't be for {limit:,} people at once: the licence has "
            f"{seats:,} seat{'s' if seats > 1 else ''}. Without a limit of its own everybody with "
            "a seat has it.",
            part=part,
        )


def require_labels_apart(labels: Sequence[str]) -> None:
    """Raise InvalidOperation for two keys that nobody could tell apart."""
    counted = Counter(customer_name(label) for label in labels if label.strip())
    if twice := [label for label in labels if counted[customer_name(label)] > 1]:
        raise InvalidOperation(
            f"Two keys would be for {twice[0]}: give each a label of its own.", part="keys"
        )


def require_own_name(account: Account, product: Product, name: str, *, but: int = 0) -> None:
    """Raise InvalidOperation when another of the account's licences of the product is called so.

    Closed ones count for nothing: a licence that takes the place of one has its name.
    """
    others = account.licences.filter(product=product).exclude(pk=but)
    going_on = others.exclude(state=LicenceState.CLOSED)
    alike = going_on.alias(compared=CustomerName("name")).filter(compared=customer_name(name))
    if alike.exists():
        raise is_taken(account, product, name)


def is_taken(account: Account, product: Product, name: str) -> InvalidOperation:
    """That another licence is called so, and what to do."""
    return InvalidOperation(
        _(
            "%(account)s has a licence of %(product)s called %(name)s already. Give this one a "
            "name of its own, such as “%(name)s 2”."
        )
        % {"account": account, "product": product, "name": name},
        part="name",
    )
