"""Charts: the same numbers as chart and as table."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from wagtail_petition.admin.petitions.charts import (
    WIDTH,
    Breakdown,
    TimeChart,
    number,
    percent,
    ticks,
)


def days(*counts, start=date(2026, 1, 5)):
    return [(start + timedelta(days=n), count) for n, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (10, [0, 3, 6, 9, 12]),
        (237, [0, 100, 200, 300]),
        (6_103_056, [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000]),
    ],
)
def test_ticks_are_round_and_reach_the_highest(highest, expected):
    assert ticks(highest) == expected


class TestTimeChart:
    def test_bars_and_totals(self):
        chart = TimeChart(days(5, 0, 10), before=100)
        assert [(bar.count, bar.total) for bar in chart.bars] == [(5, 105), (0, 105), (10, 115)]
        assert chart.bars[1].height == 0
        assert chart.bars[2].height == 2 * chart.bars[0].height

    def test_a_day_without_any_signature(self):
        chart = TimeChart(days(0))
        assert [bar.height for bar in chart.bars] == [0]
        assert "0" in chart.summary

    def test_nothing_leaves_the_picture(self):
        chart = TimeChart(days(*range(90)))
        assert min(bar.x for bar in chart.bars) >= 0
        assert max(bar.x + bar.width for bar in chart.bars) <= WIDTH
        assert all(0 <= tick.x <= WIDTH for tick in chart.date_ticks)

    @pytest.mark.parametrize(
        ("length", "period", "bars"), [(100, "day", 100), (101, "week", 15), (801, "month", 27)]
    )
    def test_long_times_are_put_together(self, length, period, bars):
        chart = TimeChart(days(*[1] * length))
        assert chart.period == period
        assert len(chart.bars) == bars
        assert sum(bar.count for bar in chart.bars) == length

    def test_time_runs_from_right_to_left_where_people_read_so(self):
        with translation.override("ar"):
            chart = TimeChart(days(1, 2))
        assert chart.bars[0].x > chart.bars[1].x

    def test_the_table_starts_with_the_newest(self):
        assert [bar.count for bar in TimeChart(days(1, 2, 3)).newest_first] == [3, 2, 1]


class TestBreakdown:
    def make(self, *pairs):
        return Breakdown("By source", "Source", list(pairs), str.upper, lambda value: value)

    def test_the_longest_bar_is_as_long_as_the_column(self):
        rows = self.make(("web", 30), ("mail", 10)).rows
        assert [(row.label, row.percent, row.bar) for row in rows] == [
            ("WEB", "75 %", 100),
            ("MAIL", "25 %", 33.33),
        ]

    def test_nothing(self):
        assert self.make().rows == []

    def test_bars_start_where_the_line_starts(self):
        with translation.override("ar"):
            assert [row.bar_x for row in self.make(("web", 4), ("mail", 1)).rows] == [0, 75]


def test_numbers_in_the_readers_language():
    assert number(6_103_056) == "6,103,056"
    assert percent(0.035) == "3.5 %"
    assert percent(0.5) == "50 %"
    with translation.override("it"):
        assert percent(0.035) == "3,5 %"
