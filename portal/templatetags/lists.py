"""The template tags of lists (a builtin: no ``{% load %}`` needed).

{% save_view "sessions" %}                        leads to the form that saves this view
{% saved_views "sessions" %}                      the list's saved views
"""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse

from portal import saved_views as views

register = template.Library()


@register.inclusion_tag("_save_view.html", takes_context=True)
def save_view(context: Context, listed: str) -> dict[str, str]:
    """Print a link to the form that keeps what the page's address asks for under a name."""
    query = views.normal(listed, context["request"].GET)
    return {"url": f"{reverse('portal:save_view', args=[listed])}?{query}"}


@register.inclusion_tag("_saved_views.html", takes_context=True)
def saved_views(context: Context, listed: str) -> dict[str, Any]:
    """Print the list's saved views that the person has; nothing while there are none."""
    request: HttpRequest = context["request"]
    membership = request.membership  # type: ignore[attr-defined]
    found = views.of_list(membership, listed)
    shown = views.normal(listed, request.GET)
    current = next((view for view in found if view.query == shown), None)
    return {
        "views": found,
        "current": current,
        "may_change": current is not None and current.person_id == membership.user_id,
        "may_delete": current is not None and views.may_delete(membership, current),
    }
