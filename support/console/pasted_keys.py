"""A product key that was pasted into a search: led out of the address, shown nowhere."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from licensing import keys
from licensing.models import ProductKey

ENOUGH = "That looks like a product key. The last four characters are enough."


def led_out(request: HttpRequest) -> HttpResponse | None:
    """Away from an address that holds a product key, to its record if it is one; else None."""
    pasted = [text for text in request.GET.getlist("q") if keys.holds_product_key(text)]
    if not pasted:
        return None
    messages.warning(request, ENOUGH)
    key = named_by(pasted[0]) if request.user.has_perm("licensing.view_productkey") else None
    if key:
        return redirect("support:productkey", key.pk)
    others = request.GET.copy()
    others.pop("q")
    return redirect(f"{request.path}?{others.urlencode()}" if others else request.path)


def named_by(text: str) -> ProductKey | None:
    """The record of a product key, by its digest."""
    typed = keys.normalise_key(text)
    if typed is None:
        return None
    alike = ProductKey.objects.filter(last_four=typed[-4:])
    return alike.filter(digest=keys.digest(typed)).first()
