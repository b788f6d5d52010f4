"""The geometry of charts, which templates draw as SVG.

The SVG has no inline style or script, so it works with a strict content security policy, in
print, and with Wagtail's colours from ``admin.css``. Each chart also has its numbers as a table.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import ceil, floor, log10

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from wagtail_petition.formats import number
from wagtail_petition.moments import written_date

WIDTH = 640
# The width of the numbers beside the plots, and of the widest label below them.
GUTTER = 80
LABEL = 112
BARS = (32, 150)  # top and height of the plot of bars
LINE = (232, 90)
HEIGHT = 356

# Up to this many days a bar is a day or a week, beyond that a month.
DAILY, WEEKLY = 100, 800


def count_label(petition, *, with_paper=True):
    """The number of signatures as text, with the number on paper if there are any."""
    total, paper = petition.total_count, petition.offline_count
    if paper and with_paper:
        text = ngettext(
            "%(number)s signature, including %(paper)s on paper",
            "%(number)s signatures, including %(paper)s on paper",
            total,
        )
    else:
        text = ngettext("%(number)s signature", "%(number)s signatures", total)
    return text % {"number": number(total), "paper": number(paper)}


def percent(share):
    """A share from 0 to 1 as a percentage, with one decimal below ten: 3.5 %."""
    value = share * 100
    decimals = 1 if 0 < value < 10 else 0
    return _("%(number)s %%") % {
        "number": number_format(round(value, decimals), decimals, use_l10n=True)
    }


def ticks(highest, at_most=4):
    """Round numbers from 0 up to ``highest`` or a little more, at most five of them."""
    if highest <= at_most:
        return list(range(max(highest, 1) + 1))
    rough = highest / at_most
    power = 10 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough)
    step = ceil(step)
    return [step * n for n in range(ceil(highest / step) + 1)]


@dataclass(frozen=True)
class Bar:
    """A bar of one period, with its row in the table."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    total: int


@dataclass(frozen=True)
class Tick:
    """A round number beside a plot (``y``), or a date below it (``x``)."""

    x: float
    y: float
    label: str


class TimeChart:
    """Signatures per day, week or month as bars, and below them the total as a line.

    ``days`` are (day, count) without gaps, ``before`` the total before the first of them. In
    languages written from right to left time runs that way too.
    """

    width, height, gutter = WIDTH, HEIGHT, GUTTER

    def __init__(self, days, before=0):
        self.rtl = get_language_bidi()
        self.period, self.rows = _group(days)
        totals = list(accumulate((count for _day, count in self.rows), initial=before))[1:]
        slot = (WIDTH - GUTTER) / len(self.rows)
        counts = ticks(max(count for _day, count in self.rows))
        sums = ticks(max(totals))
        self.bars = []
        points = []
        for n, ((day, count), total) in enumerate(zip(self.rows, totals, strict=True)):
            height = BARS[1] * max(count, 0) / counts[-1]
            left = self._x(GUTTER + slot * n, slot)
            self.bars.append(
                Bar(
                    x=round(left + slot * 0.1, 2),
                    y=round(sum(BARS) - height, 2),
                    width=round(slot * 0.8, 2),
                    height=round(height, 2),
                    label=self._label(day),
                    count=count,
                    total=total,
                )
            )
            points.append((left + slot / 2, sum(LINE) - LINE[1] * total / sums[-1]))
        self.line = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        self.last_point = {"x": round(points[-1][0], 2), "y": round(points[-1][1], 2)}
        self.count_ticks = self._side(BARS, counts)
        self.total_ticks = self._side(LINE, sums)
        self.date_ticks = self._below(slot)
        self.plot = {"left": 0 if self.rtl else GUTTER, "right": WIDTH - self.rtl * GUTTER}
        self.titles = {
            "x": WIDTH if self.rtl else 0,
            "counts_y": BARS[0] - 18,
            "totals_y": LINE[0] - 18,
        }

    @property
    def heading(self):
        """The heading of the bars."""
        return {
            "day": _("Signatures per day"),
            "week": _("Signatures per week"),
            "month": _("Signatures per month"),
        }[self.period]

    @property
    def period_heading(self):
        """The heading of the table's first column."""
        return {"day": _("Day"), "week": _("Week from"), "month": _("Month")}[self.period]

    @property
    def newest_first(self):
        """The bars in the table's order."""
        return reversed(self.bars)

    @property
    def summary(self):
        """A text alternative for the chart."""
        best = max(self.bars, key=lambda bar: bar.count)
        return _(
            "%(heading)s from %(first)s to %(last)s. The busiest was %(best)s with %(most)s. "
            "Total: %(total)s."
        ) % {
            "heading": self.heading,
            "first": self.bars[0].label,
            "last": self.bars[-1].label,
            "most": number(best.count),
            "best": best.label,
            "total": number(self.bars[-1].total),
        }

    def _x(self, left, width=0):
        return WIDTH - left - width if self.rtl else left

    def _label(self, day):
        return written_date(day, "YEAR_MONTH_FORMAT" if self.period == "month" else "DATE_FORMAT")

    def _side(self, plot, values):
        top, height = plot
        return [
            Tick(
                x=self._x(GUTTER - 8),
                y=round(top + height - height * value / values[-1], 2),
                label=number(value),
            )
            for value in values
        ]

    def _below(self, slot):
        """The dates below the bars, as many as fit."""
        form = "YEAR_MONTH_FORMAT" if self.period == "month" else "MONTH_DAY_FORMAT"
        found, free_from = [], 0
        for n, (day, _count) in enumerate(self.rows):
            # Keep the first and last label within the chart.
            middle = GUTTER + slot * (n + 0.5)
            middle = min(max(middle, LABEL / 2), WIDTH - LABEL / 2)
            if middle - LABEL / 2 >= free_from:
                label = written_date(day, form)
                found.append(Tick(x=round(self._x(middle), 2), y=HEIGHT - 8, label=label))
                free_from = middle + LABEL / 2
        return found


def _group(days):
    """("day", "week" or "month", [(first day, count)])."""
    if len(days) <= DAILY:
        return "day", days
    if len(days) <= WEEKLY:
        period, first = "week", lambda day: day - timedelta(days=day.weekday())
    else:
        period, first = "month", lambda day: day.replace(day=1)
    sums = {}
    for day, count in days:
        sums[first(day)] = sums.get(first(day), 0) + count
    return period, list(sums.items())


@dataclass(frozen=True)
class Row:
    """A row of a breakdown: a bar as long as ``share`` of the longest, beside its numbers."""

    label: str
    count: int
    percent: str
    bar: float
    bar_x: float
    url: str


class Breakdown:
    """A table of labels with bars: signatures by country, language or source.

    ``pairs`` are (value, count), most first. ``name(value)`` returns a value's label,
    ``url(value)`` the URL of its signatures or "". Shares are of ``whole``, by default the sum.
    """

    def __init__(self, heading, column, pairs, name, url, whole=None):
        self.heading = heading
        self.column = column
        whole = whole or sum(count for _value, count in pairs)
        longest = max((count for _value, count in pairs), default=0)
        rtl = get_language_bidi()
        self.rows = [
            Row(
                label=name(value),
                count=count,
                percent=percent(count / whole),
                bar=round(100 * count / longest, 2),
                bar_x=round(100 - 100 * count / longest, 2) if rtl else 0,
                url=url(value),
            )
            for value, count in pairs
        ]
