"""Charts: from values to what is drawn of them, and said. ``templates/_chart_*.html`` print it.

A drawing is ``ACROSS`` wide and ``HIGH`` high, whatever the values are, and is stretched to its
place; words stand beside it, so that they are not. Nothing is told by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.formats import number_format
from django.utils.translation import gettext as _

ACROSS, HIGH = 1000, 100
GAP = 0.2
"""The share of its place that a bar leaves free."""
HATCH = 5
"""How far apart the lines of a hatched bar are, and how much they rise."""
STEPS = 5
"""A heatmap tells so many sizes apart, and none."""
ROW, LEAST = 20, 2
"""How high a row of a strip is, and how wide a time in it at least: one sees a minute, too."""
NICE = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Bar:
    """What a chart shows of a day, say. ``value`` is None if it is not known: a gap stays a gap.

    ``is_full`` says that there was no more, or with ``of_several`` that one of them had no more.
    ``text`` is how the value is written where it is no whole number; ``url`` leads to more.
    """

    label: str
    value: float | None
    limit: int | None = None
    is_full: bool = False
    of_several: bool = False
    url: str = ""
    text: str = ""

    @cached_property
    def written(self) -> str:
        """The value in words."""
        if self.value is None:
            return "–"
        return self.text or number_format(self.value)

    @property
    def says(self) -> str:
        """The bar in a line, such as "Thu 26 Nov: 10 of 10, full"."""
        values = {"label": self.label, "value": self.written, "limit": self.limit}
        if self.value is None or self.limit is None:
            return _("%(label)s: %(value)s") % values
        if not self.is_full:
            return _("%(label)s: %(value)s of %(limit)s") % values
        if self.of_several:
            return _("%(label)s: %(value)s of %(limit)s, a pool was full") % values
        if self.value < self.limit:
            return _("%(label)s: %(value)s of %(limit)s, full before its limit rose") % values
        return _("%(label)s: %(value)s of %(limit)s, full") % values


@dataclass(frozen=True)
class Mark:
    """A line across a chart at the bar of this number, such as the 95th percentile."""

    at: int
    label: str


@dataclass(frozen=True)
class Chart:
    """Bars in a row, or what a line joins.

    ``name`` is the chart's own in its page, ``title`` the finding in words; ``of`` says what
    the labels are and ``value`` what the values are, above the table. ``url`` leads to more of it.
    """

    name: str
    title: str
    of: str
    value: str
    bars: Sequence[Bar]
    marks: Sequence[Mark] = ()
    url: str = ""

    @cached_property
    def has_limit(self) -> bool:
        """Whether there is a limit to draw."""
        return any(bar.limit is not None for bar in self.bars)

    @cached_property
    def has_full(self) -> bool:
        """Whether any of the bars is hatched."""
        return any(bar.is_full for bar in self.bars)

    @cached_property
    def is_of_several(self) -> bool:
        """Whether a full bar says that one of several was."""
        return any(bar.of_several for bar in self.bars)

    @cached_property
    def top(self) -> int:
        """What the upper edge stands for."""
        values = [bar.value or 0 for bar in self.bars]
        return top_above(max([*values, *(bar.limit or 0 for bar in self.bars)], default=0))

    @property
    def ends(self) -> list[str]:
        """The labels of the first bar, of the one in the middle and of the last."""
        labels = [bar.label for bar in self.bars]
        return [labels[0], labels[len(labels) // 2], labels[-1]] if len(labels) > 2 else labels


@dataclass(frozen=True)
class Cell:
    """What a heatmap shows of an hour, say. ``value`` is None if it is not known."""

    value: float | None
    says: str
    text: str = ""


@dataclass(frozen=True)
class Heatmap:
    """Cells in rows, each as large as its value is; ``columns`` are the labels above the table."""

    name: str
    title: str
    rows: Sequence[tuple[str, Sequence[Cell]]]
    columns: Sequence[str]

    @cached_property
    def most(self) -> float:
        """The largest value."""
        return max((cell.value or 0 for _row, cells in self.rows for cell in cells), default=0)


@dataclass(frozen=True)
class Row:
    """What a strip shows of a session, say: from when to when, as shares of the whole.

    The table tells ``cells``, and ``url`` leads to more. A heading has no times, and a line above.
    """

    label: str
    times: Sequence[tuple[float, float]]
    cells: Sequence[str]
    says: str
    url: str = ""
    who_url: str = ""
    is_heading: bool = False


@dataclass(frozen=True)
class Strip:
    """Rows of times, one below the other. ``columns`` are the headings of the table, ``ends``
    the labels below the drawing: of its beginning, its end, and between them."""

    name: str
    title: str
    rows: Sequence[Row]
    columns: Sequence[str]
    ends: Sequence[str]

    @property
    def height(self) -> int:
        """How high the drawing is, in pixels."""
        return ROW * len(self.rows)


def top_above(value: float) -> int:
    """The first even number that a scale may end with and that is no less: 2, 4, 6, 8, 10, 12…"""
    half = max(value, 1) / 2
    unit = 10 ** math.floor(math.log10(max(half, 1)))
    return 2 * next(math.ceil(nice * unit) for nice in NICE if nice * unit >= half)


def number(value: float) -> str:
    """A number as drawings write it, short and in no language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """A rectangle, as a part of a path."""
    return f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z"


def places(chart: Chart) -> Iterator[tuple[Bar, float, float, float]]:
    """The bars that are drawn, each with where it begins, how wide it is and how high."""
    width = ACROSS / max(len(chart.bars), 1)
    for index, bar in enumerate(chart.bars):
        if bar.value:
            height = HIGH * bar.value / chart.top
            yield bar, (index + GAP / 2) * width, (1 - GAP) * width, height


def bars_path(chart: Chart, *, full: bool) -> str:
    """The bars that are full, or the others."""
    return "".join(
        rectangle(x, HIGH - height, width, height)
        for bar, x, width, height in places(chart)
        if bar.is_full == full
    )


def hatching_path(chart: Chart, gap: int = HATCH) -> str:
    """Lines that rise across the full bars."""
    return "".join(
        f"M{number(x)} {start}l{number(width)} {-gap}"
        for bar, x, width, height in places(chart)
        if bar.is_full
        for start in range(HIGH, math.ceil(HIGH - height) + gap - 1, -gap)
    )


def limit_path(chart: Chart) -> str:
    """The limit's line, which steps where it changed and breaks where there was none."""
    return line_path(chart, [bar.limit for bar in chart.bars])


def values_path(chart: Chart) -> str:
    """The values as one line in steps."""
    return line_path(chart, [bar.value for bar in chart.bars])


def line_path(chart: Chart, values: Sequence[float | None]) -> str:
    """A line in steps, broken where there is no value."""
    width = ACROSS / max(len(values), 1)
    path, at, is_drawing = "", 0, False
    for value, run in groupby(values):
        start, at = at, at + len(list(run))
        if value is not None:
            y = number(HIGH * (1 - value / chart.top))
            path += f"V{y}" if is_drawing else f"M{number(start * width)} {y}"
            path += f"H{number(at * width)}"
        is_drawing = value is not None
    return path


def marks_path(chart: Chart) -> str:
    """The upright lines of the marks, through the middles of their bars."""
    width = ACROSS / max(len(chart.bars), 1)
    return "".join(f"M{number((mark.at + 0.5) * width)} 0V{HIGH}" for mark in chart.marks)


def step_of(value: float | None, most: float) -> int:
    """In which of the five sizes a heatmap shows a value; 0: there is none."""
    return math.ceil(STEPS * value / most) if value and most else 0


def heat_paths(heatmap: Heatmap) -> list[str]:
    """The cells of each size, the smallest first. Each is drawn as large as its step is."""
    paths = [""] * (STEPS + 1)
    for x, y, width, height, cell in squares(heatmap):
        step = step_of(cell.value, heatmap.most)
        share = (1 - GAP / 2) * (step + 1) / (STEPS + 1) if step else 0
        paths[step] += rectangle(
            x + width * (1 - share) / 2, y + height * (1 - share) / 2, width * share, height * share
        )
    return paths[1:]


def squares(heatmap: Heatmap) -> Iterable[tuple[float, float, float, float, Cell]]:
    """The place of each cell."""
    height = HIGH / max(len(heatmap.rows), 1)
    for row, (_label, cells) in enumerate(heatmap.rows):
        width = ACROSS / max(len(cells), 1)
        for column, cell in enumerate(cells):
            yield column * width, row * height, width, height, cell


def strip_path(strip: Strip) -> str:
    """The times of the rows."""
    high = HIGH / max(len(strip.rows), 1)
    path = ""
    for number_of_row, row in enumerate(strip.rows):
        for start, end in row.times:
            width = max((end - start) * ACROSS, LEAST)
            left = min(start * ACROSS, ACROSS - width)
            path += rectangle(left, (number_of_row + GAP / 2) * high, width, (1 - GAP) * high)
    return path


def upright_path(strip: Strip) -> str:
    """The lines at the labels below the drawing."""
    last = max(len(strip.ends) - 1, 1)
    return "".join(f"M{number(ACROSS * at / last)} 0V{HIGH}" for at in range(len(strip.ends)))


def headings_path(strip: Strip) -> str:
    """The lines above the headings."""
    high = HIGH / max(len(strip.rows), 1)
    above = (number_of_row for number_of_row, row in enumerate(strip.rows) if row.is_heading)
    return "".join(f"M0 {number(number_of_row * high)}H{ACROSS}" for number_of_row in above)
