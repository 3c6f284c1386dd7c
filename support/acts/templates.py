"""Licence templates: what the acts that keep them ask, and what forms that sell begin with."""

from __future__ import annotations

import datetime as dt
from copy import copy
from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone

from licensing import templates
from licensing.audit import Actor
from licensing.licences import OfflinePolicy
from licensing.models import Account, LicenceTemplate, Product
from licensing.models.licences import UsageModel
from portal.licences.policies import PRESETS, in_words, presets_for
from support.acts.catalogue import OFFER, WITHDRAW, as_seen, code_field, locked, name_field
from support.acts.catalogue import of_the_vendor as act
from support.acts.fields import CodesField, NumberField, limit_field
from support.acts.records import Beginning, Kind, RecordForm
from support.words import number_of

SOLD = [(model.value, model.label) for model in (UsageModel.CONCURRENT, UsageModel.SINGLE_USER)]
POLICIES = [(str(name), str(name)) for name in PRESETS.values()]
NO_SUCH_PRODUCT = {"invalid_choice": "There is no such product on sale."}


def product_field() -> forms.ModelChoiceField[Product]:
    """The field for one of the products on sale, by its code."""
    return forms.ModelChoiceField(
        Product.objects.on_sale(), to_field_name="code", error_messages=NO_SUCH_PRODUCT
    )


def model_field() -> forms.ChoiceField:
    """The field for a pool or single users."""
    return forms.ChoiceField(
        label="Usage model",
        choices=SOLD,
        initial=UsageModel.CONCURRENT,
        widget=forms.RadioSelect,
    )


def features_field() -> CodesField:
    """The field for codes of features, with their limits."""
    return CodesField(
        required=False,
        help_text="Their codes, such as bim, 4d:3, where three people at once may use 4d.",
    )


def policy_field() -> forms.ChoiceField:
    """The field for an offline policy, by name."""
    return forms.ChoiceField(
        label="Offline policy",
        choices=POLICIES,
        initial="Friendly",
        help_text="Trusting and Hold are for pools. The next page says what it means.",
    )


class SoldForm(RecordForm):
    """What names a policy of the kind of licence that it is about."""

    def clean(self) -> dict[str, Any]:
        """Everything, with the policy that a licence of this kind has by that name."""
        asked = super().clean() or {}
        is_pool = asked.get("usage_model") == UsageModel.CONCURRENT
        named = {name: policy for policy, name in presets_for(is_pool).items()}
        if "policy" in asked and asked["policy"] not in named:
            self.add_error("policy", "A single-user licence can't have it: it is no pool.")
        return asked | {"policy": named.get(asked.get("policy", ""))}


class TemplateForm(SoldForm):
    """What is sold by the template, and what it is called."""

    name = name_field()
    product = product_field()
    usage_model = model_field()
    seats = limit_field(help_text="What a new licence has unless told otherwise.")
    features = features_field()
    months = NumberField(
        required=False,
        label="Term in months",
        min_value=1,
        max_value=templates.MOST_MONTHS,
        help_text="12 for a year. Empty: without end.",
    )
    policy = policy_field()
    field_order = ["name", "product", "usage_model", "seats", "features", "months", "policy",
                   "reason"]  # fmt: skip


class NewTemplateForm(TemplateForm):
    """The same, and what programs name it by."""

    code = code_field(
        required=False,
        help_text="A shop or CRM names it by this. Empty: from its name. It stays for good.",
    )
    field_order = ["name", "code", *TemplateForm.field_order[1:]]


def put_into(template: LicenceTemplate, policy: OfflinePolicy, **asked: Any) -> LicenceTemplate:
    """The template as it was asked."""
    for field, value in asked.items():
        setattr(template, field, value)
    template.grace_period, template.reclaim_after = policy.grace_period, policy.reclaim_after
    return template


def preview(template: LicenceTemplate, *, features: list[str], **asked: Any) -> list[str]:
    """What would be sold by it; raise InvalidOperation where nothing could."""
    wanted = put_into(copy(template), **asked)
    require = templates.require_sensible if wanted.pk else templates.require_new
    require(wanted, features)
    return [
        f"{wanted}: {sells(wanted)}.",
        f"Offline: {in_words(templates.policy_of(wanted), is_concurrent=is_pool(wanted))}",
        "It is what the form for a new licence begins with; all of it can still be changed there. "
        "Licences that were sold stay as they are.",
    ]


def sells(template: LicenceTemplate) -> str:
    """``concurrent user, 10 seats of Asta Powerproject, bim and 4d:3, 12 months``."""
    term = number_of(template.months, "month") if template.months else "without end"
    model = UsageModel(template.usage_model).label.lower()
    features = ", ".join(template.features) or "no features"
    seats = number_of(template.seats, "seat")
    return f"{model}, {seats} of {template.product}, {features}, {term}"


def is_pool(template: LicenceTemplate) -> bool:
    """Whether concurrent licences are sold by it."""
    return template.usage_model == UsageModel.CONCURRENT


def add(
    template: LicenceTemplate, *, by: Actor, reason: str, features: list[str], **asked: Any
) -> str:
    """Keep a new one; return what to tell."""
    templates.add(put_into(template, **asked), features, by=by)
    return f"{template} is a licence template."


def change(
    template: LicenceTemplate, *, by: Actor, reason: str, features: list[str], **asked: Any
) -> str:
    """Keep what was changed; return what to tell."""
    templates.change(put_into(template, **asked), features, by=by)
    return f"{template}: {sells(template)}."


def as_form(template: LicenceTemplate) -> dict[str, Any]:
    """What forms ask of a licence, as the template has it."""
    return {
        "product": template.product.code,
        "usage_model": template.usage_model,
        "seats": template.seats,
        "features": ", ".join(template.features),
        "policy": policy_name(template),
    }


def policy_name(template: LicenceTemplate) -> str:
    """The name of its offline policy."""
    return presets_for(is_pool(template)).get(templates.policy_of(template), "Friendly")


def as_it_stands(template: LicenceTemplate) -> dict[str, Any]:
    """The form that changes it, at first."""
    return {"name": template.name, "months": template.months} | as_form(template)


def choices() -> list[tuple[str, str]]:
    """The templates that forms may begin with, by code, in words."""
    return [(one.code, f"{one} ({sells(one)})") for one in templates.on_sale()]


def begin(account: Account, chosen: str) -> dict[str, Any]:
    """What a new licence of the account has at first; 404 where there is no such template."""
    template = templates.on_sale().filter(code=chosen).first()
    if template is None:
        raise Http404
    return sold_by(template, account.local(timezone.now()).date())


def sold_by(template: LicenceTemplate, first_day: dt.date) -> dict[str, Any]:
    """What a licence that begins on a day is asked, by the template."""
    ends_on = templates.last_day(first_day, template.months)
    return as_form(template) | {"ends_on": ends_on.isoformat() if ends_on else ""}


BEGINNING = Beginning("Template", choices, begin)
KIND = Kind(
    acts=(
        act(
            name="add",
            label="Add a template",
            effects="Sales can begin new licences with it at once.",
            run=add,
            form=NewTemplateForm,
            preview=preview,
            makes=True,
        ),
        act(
            name="change",
            label="Change",
            effects="For licences that are sold from then on.",
            run=change,
            form=TemplateForm,
            preview=preview,
            initial=as_it_stands,
            in_rows=True,
        ),
        WITHDRAW,
        OFFER,
    ),
    describe=lambda template: f"{template} ({template.code})",
    lock=locked,
    shown=as_seen,
)
