"""The template tags that lead to people and machines (a builtin: no ``{% load %}`` needed).

{% person session.username %}        the name, which leads to the person's page
{% machine session.machine_name %}   the same of a machine

Readers of aliases, and several people who share a row, have no such page: their names are text.
"""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from licensing.denials import SOMEBODY
from licensing.names import on_one_line
from portal.templatetags.ui import breakable
from portal.words.aliases import names_for
from portal.words.refusals import machines_in_words, people_in_words

register = template.Library()
LONG = 20
"""A name of more letters may be cut in lists of one line a row: all of it is its title."""


@register.simple_tag(takes_context=True)
def person(context: Context, username: str) -> SafeString:
    """Print a user's name, as a link to their page."""
    return linked(context, "portal:person", username, breakable(people_in_words(username)))


@register.simple_tag(takes_context=True)
def machine(context: Context, machine_name: str) -> SafeString:
    """Print a machine's name, as a link to its page."""
    shown = format_html("{}", machines_in_words(machine_name))
    return linked(context, "portal:machine", machine_name, shown)


def linked(context: Context, page: str, name: str, shown: SafeString) -> SafeString:
    """The name as a link, if this reader may follow it."""
    membership = getattr(context.get("request"), "membership", None)
    if membership is None or name in ("", SOMEBODY) or names_for(membership).are_aliases:
        return shown
    whole = format_html(' title="{}"', on_one_line(name)) if len(name) > LONG else ""
    address = reverse(page, query={"name": name})
    return format_html('<a href="{}"{}>{}</a>', address, whole, shown)
