"""The template tags of lists (a builtin: no ``{% load %}`` needed).

{% column_headers layout.columns layout.table %}  the <th> of each column, with links that sort
{% cell columns.machine css="cell-wide" %}…{% endcell %}      the <td> of a column, if it shows
{% cell label=_("Reason") css="num" %}…{% endcell %}          of one that always does
{% scrollable layout label=_("Denials") %}…{% endscrollable %}   around a table
{% pagination page prefix="pools-" %}             "51 to 100 of 134", back and on (``at``: an id)
{% columns_menu layout %}                         chooses columns and density
{% keep "sessions" %}                             what its form of filters passes on
{% save_view "sessions" %}                        leads to the form that saves this view
{% saved_views "sessions" %}                      the list's saved views
{% export_menu "sessions" %}                      this view as CSV or XLSX
{% csv_of_reader %}                               the CSV that the reader's Excel takes apart
"""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString

from portal.exports import spreadsheets
from portal.listings import LISTINGS
from portal.lists import saved_views as views
from portal.lists.columns import PINNED, Column, Layout, Table
from portal.lists.paging import ListPage, on_first_page
from portal.models.preferences import Density
from portal.sign_in.standing import SignedInRequest, visit_of

register = template.Library()
NONE = ("", "")
"""What the header of a column without a sort has for an order and a link."""
NOTHING = "–"
"""What a cell says where there is nothing."""


@register.inclusion_tag("_column_headers.html", takes_context=True)
def column_headers(
    context: Context, columns: dict[str, Column], table: Table | None = None, *, first: str = ""
) -> dict[str, Any]:
    """Print the ``<th>`` of each column; with its table, those with a sort are links.

    ``first`` is the order at first, where it is not the table's own.
    """
    query: QueryDict = context["request"].GET
    headers = [
        (column, *(sorted_by(query, column.name, table, first) if table and column.sort else NONE))
        for column in columns.values()
    ]
    return {"headers": headers}


class Cell(template.Node):
    """A cell of a table, of a ``column`` that may not show or with a ``label`` of its own.

    No ``simple_block_tag``: that renders what is inside before it asks whether it is wanted,
    and the cells of columns that do not show may read rows which nobody fetched.
    """

    def __init__(
        self,
        nodelist: NodeList,
        column: FilterExpression | None,
        *,
        label: FilterExpression | None = None,
        css: FilterExpression | None = None,
    ) -> None:
        self.nodelist, self.column, self.label = nodelist, column, label
        self.css: str = css.resolve(Context()) if css else ""

    def render(self, context: Context) -> SafeString:
        label, css = self.label and self.label.resolve(context), self.css
        if self.column:
            column: Column | None = self.column.resolve(context, ignore_failures=True)
            if column is None:
                return SafeString("")
            label, css = column.label, f"{css} {column.classes}".strip()
        shown = self.nodelist.render(context).strip()
        if is_blank(shown):
            css = f"{css} is-blank".strip()
        opening = f'<td role="cell" class="{css}"' if css else '<td role="cell"'
        if label:
            opening += f' data-label="{conditional_escape(label)}"'
        return SafeString(f"{opening}>{shown}</td>")


def is_blank(shown: str) -> bool:
    """Whether a cell says only that there is nothing: where rows are cards, it takes no room."""
    return shown.endswith((NOTHING, f"{NOTHING}</span>")) and strip_tags(shown).strip() == NOTHING


@register.tag
def cell(parser: Parser, token: Token) -> Cell:
    """Print a table's cell; where rows are cards, its column's heading stands above it.

    Of a column that does not show nothing is printed, nor looked up. ``label`` is the heading
    where columns are not chosen; ``css``, written out, comes before the column's own classes.
    """
    [_name, *bits] = token.split_contents()
    named = token_kwargs(bits, parser)
    column = parser.compile_filter(bits.pop(0)) if bits and not named else None
    named |= token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"A cell does not know what {bits[0]!r} is.")
    nodelist = parser.parse(("endcell",))
    parser.delete_first_token()
    return Cell(nodelist, column, **named)


@register.simple_block_tag
def scrollable(content: SafeString, layout: Layout, *, label: str) -> SafeString:
    """Let a table whose columns somebody chose scroll sideways: none of them steps back."""
    if not layout.is_chosen:
        return content
    return format_html(
        '<div class="table-scroll" role="region" tabindex="0" aria-label="{}">{}</div>',
        label,
        content,
    )


def sorted_by(query: QueryDict, sort: str, table: Table, first: str = "") -> tuple[str, str]:
    """Return ``(aria_sort, query string)`` of a column's header.

    ``aria_sort`` is "ascending", "descending" or "none"; the query string keeps
    the view's other parameters, turns the order round and goes to the first page.
    """
    current = query.get(table.sort_parameter) or first or table.first_sort
    aria_sort = {sort: "ascending", f"-{sort}": "descending"}.get(current, "none")
    query = on_first_page(query, prefix=table.prefix)
    query[table.sort_parameter] = f"-{sort}" if aria_sort == "ascending" else sort
    return aria_sort, query.urlencode()


@register.inclusion_tag("_pagination.html", takes_context=True)
def pagination(
    context: Context, page: ListPage[Any], *, prefix: str = "", at: str = ""
) -> dict[str, Any]:
    """Print "51 to 100 of 10,003" with links back and on; nothing when all fits on one page.

    ``at`` is the id of what the links lead to, on a page that shows more than the list.
    """
    query: QueryDict = context["request"].GET
    return {
        "page": page,
        "numbers": {
            name: number_format(number, use_l10n=True, force_grouping=True)
            for name, number in (
                ("first", page.first),
                ("last", page.last),
                ("total", page.total),
            )
            if number is not None
        },
        "previous": page_link(query, f"{prefix}before", page.before, prefix=prefix, at=at),
        "next": page_link(query, f"{prefix}after", page.after, prefix=prefix, at=at),
    }


def page_link(query: QueryDict, name: str, cursor: str, *, prefix: str, at: str = "") -> str:
    """The query string of the page that a cursor leads to; "" without one."""
    if not cursor:
        return ""
    query = on_first_page(query, prefix=prefix)
    query.pop(PINNED, None)
    query[name] = cursor
    return f"?{query.urlencode()}#{at}" if at else f"?{query.urlencode()}"


@register.inclusion_tag("_columns_menu.html", takes_context=True)
def columns_menu(context: Context, layout: Layout) -> dict[str, Any]:
    """Print the menu that chooses the table's columns and how dense rows are."""
    request: HttpRequest = context["request"]
    if visit_of(request):
        return {}
    return {
        "layout": layout,
        "url": reverse("portal:choose_columns", args=[layout.table.name]),
        "here": request.get_full_path(),
        "densities": Density.choices,
    }


@register.simple_tag(takes_context=True)
def keep(context: Context, listed: str) -> SafeString:
    """Print hidden fields, so that a list's form of filters keeps what links have chosen."""
    query: QueryDict = context["request"].GET
    pairs = [(name, query[name]) for name in LISTINGS[listed].kept if query.get(name)]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.inclusion_tag("_save_view.html", takes_context=True)
def save_view(context: Context, listed: str) -> dict[str, str]:
    """Print a link to the form that keeps what the page's address asks for under a name."""
    if visit_of(context["request"]):
        return {}
    query = views.normal(LISTINGS[listed], context["request"].GET)
    return {"url": f"{reverse('portal:save_view', args=[listed])}?{query}"}


@register.inclusion_tag("_saved_views.html", takes_context=True)
def saved_views(context: Context, listed: str) -> dict[str, Any]:
    """Print the list's saved views that the person has; nothing while there are none."""
    request: SignedInRequest = context["request"]
    membership = request.membership
    assert membership, "Lists are of somebody's account."
    listing = LISTINGS[listed]
    found = views.of_list(membership, listing)
    shown = views.normal(listing, request.GET)
    current = next((view for view in found if view.query == shown), None)
    shown_to_act = None if visit_of(request) else current
    return {
        "views": found,
        "current": current,
        "may_order": shown_to_act is not None,
        "may_change": shown_to_act and shown_to_act.person_id == membership.user_id,
        "may_delete": shown_to_act and views.may_delete(membership, shown_to_act),
    }


@register.inclusion_tag("_export_menu.html", takes_context=True)
def export_menu(
    context: Context, listed: str, note: str = "", **narrowed: object
) -> dict[str, object]:
    """Print the menu that saves this view of a list (of ``portal.listings``) as a file.

    ``narrowed`` are parameters that the page's own address has in its path; ``note`` says what the
    file has beyond the view.
    """
    request: HttpRequest = context["request"]
    if visit_of(request):
        return {}
    query = request.GET.copy()
    query.update({name: str(value) for name, value in narrowed.items()})
    url = reverse(f"portal:export_{listed}", query=query or None)
    expected = spreadsheets.csv_of_reader()
    others = {spreadsheets.WITH_COMMAS, spreadsheets.WITH_SEMICOLONS} - {expected}
    csv = [expected, *others]
    return {"url": url, "here": request.get_full_path(), "csv": csv, "note": note}


@register.simple_tag
def csv_of_reader() -> str:
    """Print the kind of CSV that the reader's Excel takes apart, as exports call it."""
    return spreadsheets.csv_of_reader()
