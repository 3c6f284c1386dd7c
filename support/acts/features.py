"""The features of a licence: what the acts that change them ask, foretell and call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from licensing import included
from licensing.audit import Actor
from licensing.errors import AlreadyDone
from licensing.models import Feature, Licence, LicenceFeature
from support.acts.fields import limit_field
from support.acts.orders import OrderForm, by_order
from support.acts.records import RecordAct, why_not_closed
from support.words import number_of


class FeatureForm(OrderForm):
    """Which of the product's features, for how many people, and why."""

    feature = forms.ModelChoiceField(Feature.objects.none(), to_field_name="code")
    seats = limit_field(
        required=False,
        help_text="How many people at once. Empty: as many as the licence has.",
    )
    field_order = ["feature", "seats", "order_reference", "reason"]

    def __init__(self, *args: Any, record: Licence, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        has = Q(pk__in=record.licence_features.values("feature"))
        of_product = Feature.objects.filter(has | Q(withdrawn_at=None), product=record.product_id)
        self.fields["feature"].queryset = of_product  # type: ignore[attr-defined]


def found_in(licence: Licence, feature: Feature) -> LicenceFeature | None:
    """The feature as the licence includes it, if it does."""
    return licence.licence_features.filter(feature=feature).first()


def limit_in_words(seats: int | None) -> str:
    """For how many people at once a feature is."""
    return "for everybody with a seat" if seats is None else f"for {people(seats)} at once"


def people(number: int) -> str:
    """``1 person``, ``3 people``."""
    return number_of(number, "person", "people")


def at_work_with(licence: Licence, feature: Feature) -> int:
    """How many open sessions asked for the feature."""
    return licence.sessions.active().filter(features__contains=[feature.code]).count()


def held_now(has: LicenceFeature) -> int:
    """How many seats of a limited feature are held."""
    return has.seat_rows.filter(session__isnull=False).count()


def preview_put(licence: Licence, *, feature: Feature, seats: int | None) -> list[str]:
    """What the licence includes then, and what it means for those at work."""
    included.require_sensible(licence, feature, seats)
    has = found_in(licence, feature)
    if has is None:
        return [
            f"{licence} includes {feature} from now on, {limit_in_words(seats)}.",
            for_those_at_work(licence)
            if seats is None
            else "Who needs it opens the program anew, or asks for it there.",
        ]
    if has.seats == seats:
        raise AlreadyDone(f"{licence} includes {feature} like that already.")
    change = f"{licence}, {feature}: {limit_in_words(has.seats)} until now, {limit_in_words(seats)}"
    return [f"{change} from now on.", of_those_at_work(licence, has, seats)]


def for_those_at_work(licence: Licence) -> str:
    """When those who are in have a feature that is new and for everybody."""
    open_now = licence.sessions.active().count()
    if not open_now:
        return "No program is open now: whoever starts it has the feature."
    return f"{number_of(open_now, 'open program')} can use it from the next refresh on."


def of_those_at_work(licence: Licence, has: LicenceFeature, seats: int | None) -> str:
    """What becomes of those who use the feature now, when its limit is another."""
    if seats is None:
        return "Everybody has it from their next refresh on."
    if has.seats is None:
        held = at_work_with(licence, has.feature)
        who = f"Open programs that asked for it: {held:,}. They keep it; others lose it"
        return f"{who} at their next refresh. {over(held, seats)}"
    held = held_now(has)
    return f"In use now {held:,}. {over(held, seats)}"


def over(held: int, seats: int) -> str:
    """Whether anybody gets the feature while so many hold it."""
    if held > seats:
        return f"Nobody loses it; nobody new gets it until use falls below {seats:,}."
    if held == seats:
        return "Nobody loses it; nobody new gets it until one of them gives it back."
    return f"Then {people(seats - held)} can have it besides."


def put(licence: Licence, *, by: Actor, reason: str, feature: Feature, seats: int | None) -> str:
    """Include the feature so; return what to tell."""
    included.put(licence, feature, seats=seats, by=by, reason=reason)
    return f"{licence} includes {feature}, {limit_in_words(seats)}."


class RemovalForm(OrderForm):
    """Which of the licence's features, and why."""

    feature = forms.ModelChoiceField(Feature.objects.none(), to_field_name="code")
    field_order = ["feature", "order_reference", "reason"]

    def __init__(self, *args: Any, record: Licence, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        theirs = Feature.objects.filter(pk__in=record.licence_features.values("feature"))
        self.fields["feature"].queryset = theirs  # type: ignore[attr-defined]


def preview_remove(licence: Licence, *, feature: Feature) -> list[str]:
    """Who loses it."""
    has = found_in(licence, feature)
    if has is None:
        raise AlreadyDone(f"{licence} does not include {feature}.")
    used = at_work_with(licence, feature) if has.seats is None else held_now(has)
    return [
        f"{licence} does not include {feature} any more: whoever needs it is refused.",
        f"In use now {used}: they lose it at their next refresh. The programs stay open.",
    ]


def remove(licence: Licence, *, by: Actor, reason: str, feature: Feature) -> str:
    """Take the feature away; return what to tell."""
    included.remove(licence, feature, by=by, reason=reason)
    return f"{licence} does not include {feature} any more."


def why_not_remove(licence: Licence) -> str:
    """There must be one, in a licence that goes on."""
    if refused := why_not_closed(licence):
        return refused
    return "" if licence.licence_features.exists() else f"{licence} includes no features."


def features_of(licence: Licence) -> str:
    """What the acts change, as somebody must have seen it."""
    each = licence.licence_features.select_related("feature").order_by("feature__code")
    return " ".join(included.as_ordered() for included in each)


FEATURE = by_order(
    RecordAct(
        name="feature",
        label="Add or limit a feature",
        effects="Programs learn it at their next refresh.",
        run=put,
        form=FeatureForm,
        preview=preview_put,
        why_not=why_not_closed,
    )
)
REMOVE_FEATURE = by_order(
    RecordAct(
        name="remove-feature",
        label="Take a feature away",
        effects="Programs learn it at their next refresh.",
        run=remove,
        form=RemovalForm,
        preview=preview_remove,
        why_not=why_not_remove,
    )
)
