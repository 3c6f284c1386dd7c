"""Bringing a customer's licences from Keygen: what the act asks, foretells and calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from licensing import keygen, keygen_making
from licensing.audit import Actor
from licensing.models import Account, Product
from licensing.models.imports import Source
from support.acts.files import MOST_TOLD, FileForm, and_more, not_right, nothing_new
from support.acts.hand_over import hand_over
from support.acts.records import RecordAct
from support.acts.taking_in import foretell, take_in
from support.acts.why import Usual, Why
from support.words import number_of


class KeygenForm(FileForm):
    """Keygen's licences and machines, which product they are of, and why."""

    most_bytes = 2 * 1024 * 1024
    none_as_long = "divide it into several files, each licence with its machines"

    file = forms.FileField(
        label="Licences of Keygen",
        error_messages={"required": "Choose the customer's licences."},
        help_text="A JSON:API document with licences, and machines where they are included; or "
        "CSV with the columns id, name, expiry, suspended, floating, maxMachines. "
        "Up to 2 MB, which is enough for 10,000 rows of CSV.",
    )
    machines = forms.FileField(
        required=False,
        label="Machines of Keygen",
        help_text="Where they are in a file of their own: JSON, or CSV with the columns id, "
        "fingerprint, hostname and license.",
    )
    carried_machines = forms.CharField(required=False, widget=forms.HiddenInput)
    product = forms.ModelChoiceField(Product.objects.all(), to_field_name="code")
    field_order = ["file", "machines", "product", "reason"]

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        file, carried = asked.pop("machines", None), asked.pop("carried_machines", "")
        asked["machines"] = b""
        if (file or carried) and "machines" not in self.errors:
            self.take(asked, "machines", "machines", file, carried)
        return asked

    @property
    def kept(self) -> Sequence[tuple[str, Any]]:  # type: ignore[override]
        has_machines = bool(getattr(self, "cleaned_data", {}).get("machines"))
        machines = [("carried_machines", self.packed("machines"))] if has_machines else []
        return [*super().kept, *machines]


def plan(account: Account, product: Product, *files: bytes) -> keygen.Plan:
    """What the files that there are would make."""
    return keygen.plan(account, product.code, *filter(None, files))


def preview_keygen(
    account: Account, *, content: bytes, machines: bytes, product: Product
) -> list[str]:
    """What would be made; raise NotReady with every row that is not right."""
    planned = plan(account, product, content, machines)
    lines = [str(one) for one in planned.licences]
    left = [f"Left out: {line}" for line in planned.left]
    if planned.problems:
        right = [f"Right: {line}" for line in lines]
        raise not_right("row", planned.problems, [*right, *left])
    if not (planned.licences or planned.devices):
        raise nothing_new("row", planned.there_already, left)
    background = foretell(account, keygen_making.rows_of(planned))
    there = f" {planned.there_already:,} more are there already." if planned.there_already else ""
    return [
        f"{number_of(len(lines), 'licence')} of {product} would be issued to {account}, with "
        f"{number_of(len(planned.devices), 'machine')} bound.{there}",
        *lines[:MOST_TOLD],
        *and_more(len(lines), "licences"),
        *left[:MOST_TOLD],
        *and_more(len(left), "that are left out"),
        *background,
        f"Keygen's keys open nothing here: each licence gets a new one. {hand_over(account)}",
    ]


def import_keygen(
    account: Account,
    *,
    by: Actor,
    reason: str,
    content: bytes,
    machines: bytes,
    product: Product,
) -> str:
    """Issue all that the files stand for, or begin to; return what to tell."""
    planned = plan(account, product, content, machines)
    rows, counts = keygen_making.rows_of(planned), keygen_making.counts_of(planned)
    return take_in(account, Source.KEYGEN, rows, counts, by=by, reason=reason)


IMPORT = RecordAct(
    name="import-keygen",
    label="Import from Keygen",
    effects="Floating licences become concurrent ones, node-locked ones single-user licences with "
    "their machines bound. Nothing is made of files in which a row is not right.",
    run=import_keygen,
    reasons=(Usual(Why.ROUTINE, "The move from Keygen."),),
    at_hand=True,
    form=KeygenForm,
    preview=preview_keygen,
)
