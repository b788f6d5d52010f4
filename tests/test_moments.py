"""Dates and times as shown to people, in the site's time zone."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf.locale import LANG_INFO
from django.utils import timezone, translation

from wagtail_petition import moments

# Django's formats with a time, by name or as characters.
TIMES = r"""(SHORT_)?DATETIME_FORMAT|\bTIME_FORMAT|\|(date|time):"(?!\w+_FORMAT)[^"]*[aAfgGhHP]"""


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        # The site's zone is Rome's.
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "Dec. 31, 2026"),
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), "Dec. 31, 2026"),
        (datetime(2026, 12, 30, 23, 0, tzinfo=UTC), "Dec. 31, 2026, midnight (CET)"),
        (datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "July 1, 2026, 3:30 pm (CEST)"),
    ],
)
def test_a_deadline_is_a_day_only_if_it_includes_that_day(moment, words):
    assert moments.deadline(moment) == words
    with timezone.override("Asia/Tokyo"):
        assert moments.deadline(moment) == words


def test_a_beginning_is_a_day_only_if_it_is_all_of_it():
    assert moments.beginning(datetime(2026, 12, 30, 23, 0, tzinfo=UTC)) == "Dec. 31, 2026"
    assert "3 pm (CET)" in moments.beginning(datetime(2026, 12, 31, 14, 0, tzinfo=UTC))


def test_what_is_due_late_is_erased_on_the_next_day():
    assert moments.day_of_erasure(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == "Jan. 1, 2027"
    assert moments.day_of_erasure(datetime(2026, 12, 31, 12, 0, tzinfo=UTC)) == "Dec. 31, 2026"


def test_in_the_words_of_the_language():
    with translation.override("it"):
        assert "31 dicembre 2026" in moments.deadline(datetime(2026, 12, 31, 22, 59, tzinfo=UTC))


@pytest.mark.parametrize("language", LANG_INFO)
def test_no_time_ends_in_a_full_stop_since_the_sentence_does(language, settings):
    settings.USE_TZ = False
    for hour in range(24):
        moment = datetime(2026, 11, 27, hour, 30)
        with translation.override(language):
            shown = [moments.day_and_time(moment), moments.short(moment)]
        assert [text for text in shown if text.endswith(".")] == []
        assert all("27" in text for text in shown)


def test_every_time_is_shown_by_these_functions():
    """Else one may end in "a.m.", before a full stop."""
    package = Path(moments.__file__).parent
    elsewhere = {
        str(path.relative_to(package))
        for path in package.rglob("*.*")
        if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts
        if re.search(TIMES, path.read_text(encoding="utf-8"))
    }
    assert elsewhere == {"moments.py"}


def test_without_time_zones(settings):
    settings.USE_TZ = False
    assert moments.deadline(datetime(2026, 12, 31, 23, 59)) == "Dec. 31, 2026"
    assert moments.deadline(datetime(2026, 12, 31, 12, 0)) == "Dec. 31, 2026, noon"
