"""The tags of forms (a builtin: no ``{% load %}`` needed).

{% csrf_token %}         Django's own field, and whose page the form stands on
{% page_mark %}          the mark that a page's scripts send along
{% way_back next %}      where one was before one was asked who one is, on the way to that address
"""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.sent import page_marks, ways_back

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Print what every form that posts carries: no form can be written without it.

    Besides Django's field that is, in pages of an account, the form's mark (``page_marks``).
    """
    field = CsrfTokenNode().render(context)
    request: HttpRequest | None = getattr(context, "request", None)
    mark = page_marks.of_new_form(request) if request else None
    if mark is None:
        return SafeString(field)
    own = format_html('<input type="hidden" name="{}" value="{}">', page_marks.FIELD, mark)
    return SafeString(field) + own


@register.simple_tag(takes_context=True)
def page_mark(context: Context) -> str:
    """Print whose page this is."""
    return str(page_marks.of_page(context["request"]) or "")


@register.simple_tag(takes_context=True)
def way_back(context: Context, asked_for: str | None) -> str:
    """Print where somebody was who asked for this address; nothing if that is not known."""
    return ways_back.kept(context["request"].session).get(asked_for or "", "")
