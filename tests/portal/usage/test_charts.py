"""From values to what is drawn of them, and said."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template

from portal.usage import charts
from portal.usage.charts import Bar, Cell, Chart, Heatmap, Mark
from tests.layout import flat


def chart_of(*bars, **about):
    return Chart("peaks", "Full on 1 of 3 days", of="Day", value="Peak", bars=bars, **about)


def printed(tag, **context):
    text = Template(f"{{% {tag} %}}").render(Context(context))
    return flat(text)


class TestBars:
    def test_each_is_as_high_as_its_value(self):
        chart = chart_of(Bar("Mon", 5), Bar("Tue", 10))

        assert chart.top == 10
        assert charts.bars_path(chart, full=False) == "M50 50h400v50h-400zM550 0h400v100h-400z"

    def test_nothing_is_drawn_of_none_and_of_what_is_not_known(self):
        assert charts.bars_path(chart_of(Bar("Mon", 0), Bar("Tue", None)), full=False) == ""

    def test_one_full_on_the_day_its_limit_rose_says_so(self):
        words = "Mon: 12 of 13, full before its limit rose"

        assert Bar("Mon", 12, 13, is_full=True).says == words

    def test_full_ones_are_drawn_apart_and_hatched(self):
        chart = chart_of(Bar("Mon", 2, 4), Bar("Tue", 4, 4, is_full=True))

        assert charts.bars_path(chart, full=False) == "M50 50h400v50h-400z"
        assert charts.bars_path(chart, full=True) == "M550 0h400v100h-400z"
        assert charts.hatching_path(chart, gap=40) == "M550 100l400 -40M550 60l400 -40"

    @pytest.mark.parametrize("value", range(1, 100))
    def test_hatching_stays_in_its_bar(self, value):
        chart = chart_of(Bar("Mon", value, 100, is_full=True), Bar("Tue", 100))

        starts = re.findall(r"M\S+ (\d+)l", charts.hatching_path(chart))
        assert all(100 - value <= int(start) - charts.HATCH for start in starts)

    @pytest.mark.parametrize(
        ("value", "top"),
        [(0, 2), (1, 2), (3, 4), (7, 8), (10, 10), (11, 12), (13, 16), (33, 40), (101, 120)],
    )
    def test_the_scale_ends_with_an_even_number(self, value, top):
        assert charts.top_above(value) == top


class TestLimit:
    def test_steps_where_it_changed(self):
        chart = chart_of(Bar("Mon", 1, 5), Bar("Tue", 1, 5), Bar("Wed", 1, 10), Bar("Thu", 1, 10))

        assert charts.limit_path(chart) == "M0 50H500V0H1000"

    def test_breaks_where_there_was_none(self):
        chart = chart_of(Bar("Mon", 1, 2), Bar("Tue", 1), Bar("Wed", 1, 1), Bar("Thu", 1, 2))

        assert charts.limit_path(chart) == "M0 0H250M500 50H750V0H1000"


class TestHeatmap:
    def test_has_five_sizes(self):
        assert [charts.step_of(value, 10) for value in (None, 0, 1, 2, 3, 10)] == [0, 0, 1, 1, 2, 5]

    def test_draws_the_largest_nearly_as_large_as_its_place(self):
        heatmap = Heatmap(
            "week", "Busiest on Monday", [("Mon", [Cell(10, ""), Cell(None, "")])], ["8", "9"]
        )

        assert charts.heat_paths(heatmap) == ["", "", "", "", "M25 5h450v90h-450z"]


class TestWhatIsSaid:
    def test_each_bar_says_its_value(self):
        bars = (
            Bar("Mon", 8),
            Bar("Tue", 8, 10),
            Bar("Wed", 10, 10, is_full=True),
            Bar("Thu", None, 10),
            Bar("2 seats", 12.5, text="12.5 %"),
        )

        assert [bar.says for bar in bars] == [
            "Mon: 8",
            "Tue: 8 of 10",
            "Wed: 10 of 10, full",
            "Thu: –",
            "2 seats: 12.5 %",
        ]

    def test_the_table_has_the_same_numbers(self):
        bars = (Bar("Mon", 8, 10, url="/usage/?day=mon"), Bar("Tue", 10, 10, is_full=True))

        page = printed("bar_chart chart", chart=chart_of(*bars))

        rows = re.findall(r'<tr data-says="(.+?)">(.+?)</tr>', page)
        assert [says for says, _row in rows] == [bar.says for bar in bars]
        cells = [re.sub(r"<.+?>|\s+", " ", row).split() for _says, row in rows]
        assert cells == [["Mon", "8", "10", "–"], ["Tue", "10", "10", "full"]]
        assert 'href="/usage/?day=mon"' in page

    def test_the_picture_is_named_by_its_finding(self):
        page = printed("bar_chart chart", chart=chart_of(Bar("Mon", 8)))

        assert '<figcaption id="peaks-title">Full on 1 of 3 days</figcaption>' in page
        assert 'role="img" aria-labelledby="peaks-title"' in page

    def test_small_ones_say_their_finding(self):
        chart = chart_of(Bar("Mon", 8), Bar("Tue", 2))

        for tag in ("small_bars chart", "small_line chart"):
            assert 'aria-label="Full on 1 of 3 days"' in printed(tag, chart=chart)

    def test_marks_stand_on_their_bars(self):
        chart = chart_of(Bar("0", 8), Bar("1", 2), marks=[Mark(1, "95th percentile")])

        assert charts.marks_path(chart) == "M750 0V100"
        assert "95th percentile" in printed("bar_chart chart", chart=chart)

    def test_a_heatmap_says_each_cell(self):
        cells = [Cell(2.5, "Mon, 09:00: 2.5 of 10 on average", "2.5")]
        heatmap = Heatmap("week", "Busiest on Monday at 9", [("Mon", cells)], ["9"])

        page = printed("heatmap map", map=heatmap)

        assert re.search(r'data-says="Mon, 09:00: 2.5 of 10 on average">\s*2.5\s*</td>', page)


def test_a_chart_of_nothing_is_empty():
    chart = chart_of()

    assert (charts.bars_path(chart, full=False), charts.limit_path(chart), chart.top) == ("", "", 2)
