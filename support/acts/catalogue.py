"""What is sold: what the acts that change the catalogue ask, foretell and call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model

from licensing import catalogue
from licensing.audit import Actor
from licensing.catalogue import Item
from licensing.errors import AlreadyDone
from licensing.models import Feature, LicenceFeature, LicenceTemplate, Product
from licensing.models.licences import LicenceState
from licensing.names import one_line
from support.acts.records import Kind, RecordAct, RecordForm
from support.acts.refused_versions import who_would_be_refused
from support.words import number_of


def name_field() -> forms.CharField:
    """What customers and staff read."""
    return forms.CharField(max_length=100, validators=[one_line])


def code_field(**options: Any) -> forms.SlugField:
    """What programs and orders name it by."""
    return forms.SlugField(
        max_length=50,
        error_messages={"invalid": "A code is letters, digits and - _ alone, such as asta-4d."},
        **options,
    )


def version_field() -> forms.CharField:
    """The first version that may start."""
    return forms.CharField(
        max_length=catalogue.LONGEST_VERSION,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="The first that may start, such as 16 or 16.0.02.",
    )


class NewProductForm(RecordForm):
    """What a product is called, by people and by programs, from which version on it works."""

    name = name_field()
    code = code_field(help_text="Programs and orders name it by this. It stays for good.")
    minimum_version = version_field()
    field_order = ["name", "code", "minimum_version", "reason"]


class NewFeatureForm(RecordForm):
    """What a feature is called, by people and by programs."""

    name = name_field()
    code = code_field(help_text="Programs and orders name it by this. It stays for good.")
    field_order = ["name", "code", "reason"]


class NameForm(RecordForm):
    """What it is called from now on."""

    name = name_field()
    field_order = ["name", "reason"]


class VersionForm(RecordForm):
    """The first version that may start."""

    minimum_version = version_field()
    field_order = ["minimum_version", "reason"]


def preview_product(product: Product, *, minimum_version: str, **asked: str) -> list[str]:
    """What is offered from now on."""
    catalogue.require_version(minimum_version)
    catalogue.require_new(Product(**asked))
    return [
        f"{asked['name']} ({asked['code']}) can be sold at once. It needs version "
        f"{minimum_version} or a later one.",
        "Its features are added from its page.",
    ]


def add_product(product: Product, *, by: Actor, reason: str, **asked: str) -> str:
    """Offer it; return what to tell."""
    catalogue.require_version(asked["minimum_version"])
    for field, value in asked.items():
        setattr(product, field, value)
    catalogue.add(product, by=by)
    return f"{product} is a product."


def preview_feature(product: Product, **asked: str) -> list[str]:
    """What may be sold with the product."""
    catalogue.require_new(Feature(product=product, **asked))
    return [f"{asked['name']} ({asked['code']}) can be sold with {product}. No licence has it yet."]


def add_feature(product: Product, *, by: Actor, reason: str, **asked: str) -> str:
    """Offer it; return what to tell."""
    catalogue.add(Feature(product=product, **asked), by=by)
    return f"{asked['name']} is a feature of {product}."


def preview_name(item: Item, *, name: str) -> list[str]:
    """Who reads it."""
    catalogue.require_renamed(item, name)
    return [
        f"{item} is called {name} from now on, on every page and in what is mailed.",
        f"Programs and orders still name it {item.code}. Licences keep the names that they have.",
    ]


def rename(item: Item, *, by: Actor, reason: str, name: str) -> str:
    """Call it so; return what to tell."""
    before = str(item)
    catalogue.rename(item, name, by=by)
    return f"{before} is called {item} now."


def preview_version(product: Product, *, minimum_version: str) -> list[str]:
    """The old and the new one, and whose programs would be refused."""
    catalogue.require_version(minimum_version)
    if minimum_version == product.minimum_version:
        raise AlreadyDone(f"{product} needs {minimum_version} already.", part="minimum_version")
    return [
        f"{product} needs version {product.minimum_version} until now, {minimum_version} or a "
        "later one from now on.",
        *who_would_be_refused(product, minimum_version),
    ]


def set_version(product: Product, *, by: Actor, reason: str, minimum_version: str) -> str:
    """Set it; return what to tell."""
    catalogue.set_minimum_version(product, minimum_version, by=by)
    return f"{product} needs version {minimum_version} or a later one."


def licences_with(item: Item) -> int:
    """How many licences that go on have it."""
    if isinstance(item, Feature):
        with_it = LicenceFeature.objects.filter(feature=item)
        return with_it.exclude(licence__state=LicenceState.CLOSED).count()
    if isinstance(item, Product):
        return item.licences.exclude(state=LicenceState.CLOSED).count()
    return 0


def templates_with(item: Item) -> list[LicenceTemplate]:
    """The templates on sale that name it."""
    if isinstance(item, LicenceTemplate):
        return []
    if isinstance(item, Product):
        return list(item.templates.on_sale())
    of_product = item.product.templates.on_sale()
    return [one for one in of_product if item.code in catalogue.codes_of(one.features)]


def preview_withdraw(item: Item) -> list[str]:
    """Who keeps it, and what offers it still."""
    told = [f"New licences are not offered {item} any more."]
    if not isinstance(item, LicenceTemplate):
        kept = number_of(licences_with(item), "licence")
        told.append(f"In use by {kept}: nothing changes for them, and they can be renewed.")
    if names := ", ".join(map(str, templates_with(item))):
        told.append(f"Templates that name it sell nothing until they are changed: {names}.")
    return told


def withdraw(item: Item, *, by: Actor, reason: str) -> str:
    """Offer it no more; return what to tell."""
    catalogue.withdraw(item, by=by)
    return f"{item} is withdrawn from sale."


def offer(item: Item, *, by: Actor, reason: str) -> str:
    """Offer it again; return what to tell."""
    catalogue.offer_again(item, by=by)
    return f"{item} is on sale again."


def why_not_withdraw(item: Item) -> str:
    """Once is enough."""
    return f"{item} is withdrawn already." if item.withdrawn_at else ""


def why_not_offer(item: Item) -> str:
    """It is offered."""
    return "" if item.withdrawn_at else f"{item} is on sale."


def of_the_vendor(**declared: Any) -> RecordAct:
    """An act of which no customer reads."""
    return RecordAct(is_of_account=False, is_mailed=False, **declared)


RENAME = of_the_vendor(
    name="rename",
    label="Rename",
    effects="Its code stays.",
    run=rename,
    form=NameForm,
    preview=preview_name,
    initial=lambda item: {"name": item.name},
    in_rows=True,
)
WITHDRAW = of_the_vendor(
    name="withdraw",
    label="Withdraw from sale",
    effects="It can be offered again.",
    run=withdraw,
    preview=preview_withdraw,
    why_not=why_not_withdraw,
    in_rows=True,
)
OFFER = of_the_vendor(
    name="offer",
    label="Offer again",
    effects="New licences can have it at once.",
    run=offer,
    why_not=why_not_offer,
    in_rows=True,
)


def as_seen(item: Any) -> str:
    """What the acts change."""
    fields = {**item.__dict__, "_state": ""}
    return " ".join(f"{name}={value}" for name, value in sorted(fields.items()))


def locked(item: Model) -> Any:
    """It as it is now, and nobody else's until the end."""
    return type(item)._default_manager.select_for_update().get(pk=item.pk)


PRODUCTS = Kind(
    acts=(
        of_the_vendor(
            name="add",
            label="Add a product",
            effects="It can be sold from then on.",
            run=add_product,
            form=NewProductForm,
            preview=preview_product,
            makes=True,
        ),
        of_the_vendor(
            name="add-feature",
            label="Add a feature",
            effects="Licences of the product can have it from then on.",
            run=add_feature,
            form=NewFeatureForm,
            preview=preview_feature,
            in_rows=True,
        ),
        of_the_vendor(
            name="minimum-version",
            label="Set the minimum version",
            effects="Older programs are refused when they start. Those that are open stay open.",
            run=set_version,
            form=VersionForm,
            preview=preview_version,
            initial=lambda product: {"minimum_version": product.minimum_version},
            is_sensitive=True,
            in_rows=True,
        ),
        RENAME,
        WITHDRAW,
        OFFER,
    ),
    describe=lambda product: f"{product} ({product.code})",
    lock=locked,
    shown=as_seen,
)
FEATURES = Kind(
    acts=(RENAME, WITHDRAW, OFFER),
    describe=lambda feature: f"{feature} ({feature.code}) of {feature.product}",
    lock=locked,
    shown=as_seen,
)
