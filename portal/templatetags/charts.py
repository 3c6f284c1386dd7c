"""The template tags of charts (a builtin: no ``{% load %}`` needed).

{% bar_chart chart %}     bars with the limit's line, full ones hatched, and their table
{% heatmap map %}         cells in rows, each as large as its value, and their table
{% strip chart %}         times in rows, one for each session, say, and their table
{% chart_table of=… %}     what these fold their tables away in
{% small_bars chart %}    the bars alone, for a cell of a table
{% small_line chart %}    a line in steps, for a figure

Pages with a chart load ``js/chart-cursor.js``; without scripts the table says each value.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.usage import charts
from portal.usage.charts import Bar, Chart, Heatmap, Strip

register = template.Library()
SMALL_HATCH = 16
BAR_ROW = '<tr data-says="{}"><th scope="row">{}</th><td class="num">{}</td>{}</tr>'
LIMIT_CELLS = '<td class="num">{}</td><td>{}</td>'


def drawn(chart: Chart, *, gap: int) -> dict[str, Any]:
    """What the templates of bars print."""
    return {
        "chart": chart,
        "box": f"0 0 {charts.ACROSS} {charts.HIGH}",
        "bars": charts.bars_path(chart, full=False),
        "full": charts.bars_path(chart, full=True),
        "hatching": charts.hatching_path(chart, gap),
        "limit": charts.limit_path(chart),
    }


@register.simple_block_tag
def chart_table(content: SafeString, *, of: str) -> str:
    """Print the table with the numbers of the drawing of this name, folded away."""
    return render_to_string("_chart_table.html", {"content": content, "of": of})


@register.inclusion_tag("_chart_bars.html")
def bar_chart(chart: Chart) -> dict[str, Any]:
    """Draw bars with their scale, legend and table."""
    scale = [chart.top, chart.top // 2, 0]
    return drawn(chart, gap=charts.HATCH) | {"marks": charts.marks_path(chart), "scale": scale}


@register.simple_tag
def bar_rows(chart: Chart) -> str:
    """Print the rows of the table of bars. A year has hundreds, of which templates take long."""
    return format_html_join("", BAR_ROW, (cells_of(bar, chart) for bar in chart.bars))


def cells_of(bar: Bar, chart: Chart) -> tuple[str, ...]:
    """What the row of a bar says as a whole, and its cells."""
    label = format_html('<a href="{}">{}</a>', bar.url, bar.label) if bar.url else bar.label
    if not chart.has_limit:
        return bar.says, label, bar.written, ""
    limit = "–" if bar.limit is None else bar.limit
    full = _("full") if bar.is_full else "–"
    return bar.says, label, bar.written, format_html(LIMIT_CELLS, limit, full)


@register.inclusion_tag("_chart_small_bars.html")
def small_bars(chart: Chart) -> dict[str, Any]:
    """Draw the bars alone; the title says what they show."""
    return drawn(chart, gap=SMALL_HATCH)


@register.inclusion_tag("_chart_small_line.html")
def small_line(chart: Chart) -> dict[str, Any]:
    """Draw a line in steps alone; the title says what it shows."""
    return drawn(chart, gap=SMALL_HATCH) | {"line": charts.values_path(chart)}


@register.inclusion_tag("_chart_heatmap.html")
def heatmap(heatmap: Heatmap) -> dict[str, Any]:
    """Draw a heatmap with its legend and table."""
    paths = charts.heat_paths(heatmap)
    box = f"0 0 {charts.ACROSS} {charts.HIGH}"
    return {"map": heatmap, "box": box, "steps": list(enumerate(paths, start=1))}


@register.inclusion_tag("_chart_strip.html")
def strip(strip: Strip) -> dict[str, Any]:
    """Draw times in rows with their table."""
    return {
        "strip": strip,
        "box": f"0 0 {charts.ACROSS} {charts.HIGH}",
        "times": charts.strip_path(strip),
        "grid": charts.upright_path(strip) + charts.headings_path(strip),
    }
