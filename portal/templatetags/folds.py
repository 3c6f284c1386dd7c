"""Sections of a long page that fold.

{% fold "keys" _("Keys") count=3 %}…{% endfold %}                    open at first
{% fold "history" _("History") is_open=False %}…{% endfold %}        folded at first

A link to ``#keys`` opens the section, and so does a search of the browser for what is in it: the
anchor stands inside. It works without scripts; on paper all are open.
"""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def fold(
    content: SafeString,
    name: str,
    title: str,
    *,
    count: int | None = None,
    is_open: object = True,
    css: str = "table-card",
) -> str:
    """Print a section that its heading folds; ``count`` says how much is in it."""
    shown = {"content": content, "name": name, "title": title, "count": count}
    return render_to_string("_fold.html", shown | {"is_open": is_open, "css": css})
