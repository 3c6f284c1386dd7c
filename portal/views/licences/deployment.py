"""Deployment: files by which the IT department rolls a licence's key out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from licensing import keys
from licensing.models import Licence, ProductKey
from licensing.models.keys import KeyState
from licensing.names import on_one_line, one_line
from portal.deployment import preview
from portal.deployment.described import DeploymentFile
from portal.deployment.files import ZIP_NAME, bundle, files
from portal.deployment.values import Deployment, Scope, service_address
from portal.models import Role
from portal.views.access import AccountRequest, role_required
from portal.views.confirmations import confirmation_required

MASKED = "••••"


class DeploymentForm(forms.Form):
    """Which key goes where, and what else programs should know."""

    key: forms.ModelChoiceField[ProductKey] = forms.ModelChoiceField(
        label=gettext_lazy("Key"), queryset=None, empty_label=None
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Policy for"), choices=Scope, initial=Scope.MACHINE
    )
    service_url = forms.CharField(
        label=gettext_lazy("Service address"), max_length=1023, validators=[service_address]
    )
    proxy = forms.CharField(
        label=gettext_lazy("Proxy"),
        required=False,
        max_length=1023,
        validators=[one_line],
        help_text=gettext_lazy("Empty: the system's. “direct”: none."),
    )
    contact_text = forms.CharField(
        label=gettext_lazy("Whom people ask"),
        required=False,
        max_length=500,
        validators=[one_line],
        help_text=gettext_lazy("Stands below messages in the program."),
    )
    allow_user_entry = forms.BooleanField(
        label=gettext_lazy("People may type a key of their own"), required=False, initial=True
    )

    def __init__(self, licence: Licence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licence = licence
        active = licence.keys.filter(state=KeyState.ACTIVE).order_by("-created_at", "-pk")
        self.fields["key"].queryset = active  # type: ignore[attr-defined]
        self.fields["key"].label_from_instance = in_words  # type: ignore[attr-defined]

    def deployment(self, product_key: str) -> Deployment:
        """What was asked for, with this product key."""
        asked = self.cleaned_data
        return Deployment(
            serial_number=asked["key"].serial_number,
            product_key=product_key,
            licence_name=on_one_line(self.licence.name),
            service_url=asked["service_url"],
            scope=Scope(asked["scope"]),
            proxy=asked["proxy"].strip(),
            contact_text=asked["contact_text"].strip(),
            allow_user_entry=asked["allow_user_entry"],
        )


def in_words(key: ProductKey) -> str:
    """A key in a list of choices."""
    return f"{key.label} ({key.serial_number})" if key.label else key.serial_number


def defaults(licence: Licence) -> dict[str, Any]:
    """What the form holds at first."""
    newest = licence.keys.filter(state=KeyState.ACTIVE).order_by("-created_at", "-pk").first()
    return {
        "key": newest.pk if newest else "",
        "scope": Scope.MACHINE,
        "service_url": settings.BASE_URL,
        "allow_user_entry": "on",
    }


def licence_or_404(request: AccountRequest, licence_id: int) -> Licence:
    """The account's licence with this id."""
    return get_object_or_404(request.account.licences.select_related("product"), pk=licence_id)


@require_safe
@role_required(Role.MANAGER)
def deployment(request: AccountRequest, licence_id: int) -> HttpResponse:
    """The form, what programs will read, and every file with what it does. No key is shown."""
    licence = licence_or_404(request, licence_id)
    form = DeploymentForm(licence, request.GET if "key" in request.GET else defaults(licence))
    wanted = form.deployment(MASKED) if form.is_valid() else None
    context = {
        "licence": licence,
        "form": form,
        "wanted": wanted,
        "levels": preview.levels(wanted) if wanted else [],
        "left_open": preview.left_open(wanted) if wanted else [],
        "files": files(wanted) if wanted else [],
        "zip_name": ZIP_NAME,
    }
    return render(request, "portal/licences/deployment.html", context)


@require_POST
@role_required(Role.MANAGER)
def download_deployment(request: AccountRequest, licence_id: int) -> HttpResponseBase:
    """One file, or all as a zip. That somebody took the product key along is recorded."""
    return hand_over(request, licence_or_404(request, licence_id))


@confirmation_required
def hand_over(request: AccountRequest, licence: Licence) -> HttpResponse:
    """The file, for somebody who gave their password within the last ten minutes."""
    form = DeploymentForm(licence, request.POST)
    if not form.is_valid():
        return render(
            request,
            "portal/licences/deployment.html",
            {"licence": licence, "form": form, "wanted": None, "files": []},
            status=422,
        )
    wanted = form.deployment(keys.reveal(form.cleaned_data["key"], by=request.user.as_actor))
    name = request.POST.get("file", ZIP_NAME)
    content = bundle(wanted) if name == ZIP_NAME else file_named(name, files(wanted)).content
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name.rpartition("/")[2]}"'
    response["Cache-Control"] = "no-store"
    return response


def file_named(name: str, made: list[DeploymentFile]) -> DeploymentFile:
    """The file with this name; 404 if there is none."""
    for file in made:
        if file.name == name:
            return file
    raise Http404
