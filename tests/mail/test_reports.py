"""The weekly report: on Monday morning, once, with numbers only."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from tests.helpers import at_once
from wagtail_petition import jobs, ledger
from wagtail_petition.mail import reports
from wagtail_petition.mail.reports import hide_small
from wagtail_petition.models import HomeTally, Notice, Petition, Tally

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Rome")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _site(settings):
    settings.TIME_ZONE = "Europe/Rome"
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "BACKGROUND": "worker"}


@pytest.fixture
def reported(make_page):
    """A petition with a weekly report; arguments are fields."""

    def make(**fields):
        return make_page(
            **{"notify_weekly": True, "notify_addresses": "maria@example.org", **fields}
        )

    return make


@pytest.fixture
def at(clock, mailoutbox):
    """Run the jobs at a moment; returns the addresses that got an email."""

    def at(moment):
        clock.stop(moment)
        mailoutbox.clear()
        jobs.send_mails()
        return [mail.to[0] for mail in mailoutbox]

    return at


@pytest.fixture
def sign(clock):
    """Let people in a region sign on the day of a moment, as the tallies count them."""

    def sign(page, number, region="", moment=MONDAY - timedelta(days=1)):
        petition = ledger.ensure_petition(page)
        cells = [(Tally, {"day": moment.date(), "language": "en"})]
        if region:
            cells.append((HomeTally, {"home_region": region}))
        for model, cell in cells:
            tally, _created = model.objects.get_or_create(petition=petition, country="IT", **cell)
            tally.count += number
            tally.save()
        total = Petition.objects.get(pk=petition.pk).signature_count + number
        Petition.objects.filter(pk=petition.pk).update(signature_count=total)

    return sign


def test_on_monday_at_eight_in_the_site_s_zone(reported, sign, at):
    sign(reported(), 7)
    assert at(MONDAY - timedelta(minutes=1)) == []
    assert at(MONDAY) == ["maria@example.org"]
    assert at(MONDAY + timedelta(hours=1)) == []


def test_what_it_says(reported, sign, at, mailoutbox):
    page = reported()
    sign(page, 1200, moment=MONDAY - timedelta(days=20))
    sign(page, 34)
    at(MONDAY)
    [mail] = mailoutbox
    assert mail.subject == "Weekly report (1,234): Stop separating families"
    assert "Total: 1,234\nSince Nov. 16, 2026: +34\n\nSee the figures:\n" in mail.body
    assert "Where they vote" not in mail.body
    assert f"/admin/petitions/{page.petition.pk}/" in mail.body
    sign(page, 6)
    at(MONDAY + timedelta(weeks=1))
    assert "Total: 1,240\nSince Nov. 23, 2026: +6" in mailoutbox[0].body


def test_fewer_than_before_is_news_too(reported, sign, at, mailoutbox):
    page = reported()
    sign(page, 20)
    at(MONDAY)
    Petition.objects.update(signature_count=17)
    at(MONDAY + timedelta(weeks=1))
    assert "Since Nov. 23, 2026: −3" in mailoutbox[0].body


def test_after_a_day_it_waits_for_the_next_week_and_covers_both(reported, sign, at, mailoutbox):
    page = reported()
    sign(page, 20)
    at(MONDAY)
    sign(page, 5)
    assert at(MONDAY + timedelta(weeks=1, days=1)) == []
    sign(page, 5)
    assert at(MONDAY + timedelta(weeks=2)) == ["maria@example.org"]
    assert "Since Nov. 23, 2026: +10" in mailoutbox[0].body


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once(reported, sign, clock, mailoutbox):
    sign(reported(), 20)
    clock.stop(MONDAY)
    results = at_once(4, lambda _position: jobs.send_mails())
    assert not [result for result in results if isinstance(result, Exception)]
    jobs.send_mails()
    assert len(mailoutbox) == 1


def test_the_database_allows_one_in_a_week(page):
    petition = ledger.ensure_petition(page)
    Notice.objects.create(petition=petition, kind="report", week=MONDAY.date())
    with pytest.raises(IntegrityError):
        Notice.objects.create(petition=petition, kind="report", week=MONDAY.date())


# Skipped, with a reason


def skipped():
    return list(Notice.objects.order_by("pk").values_list("skipped", flat=True))


def test_not_if_nothing_has_changed(reported, sign, at):
    page = reported()
    assert at(MONDAY) == []
    sign(page, 20, moment=MONDAY)
    assert len(at(MONDAY + timedelta(weeks=1))) == 1
    assert at(MONDAY + timedelta(weeks=2)) == []
    assert skipped() == ["nothing", "", "nothing"]


def test_until_four_weeks_after_closing(reported, sign, at):
    page = reported(closes_at=MONDAY - timedelta(days=1))
    for week in range(7):
        sign(page, 5)
        at(MONDAY + timedelta(weeks=week))
    assert skipped() == ["", "", "", "", "closed"]


def test_not_while_the_page_is_offline(reported, sign, at):
    page = reported()
    sign(page, 20)
    page.unpublish()
    assert at(MONDAY) == []
    assert skipped() == ["offline"]


def test_the_editor_shows_why(reported, at, admin_client):
    page = reported()
    at(MONDAY)
    html = admin_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "Nothing has changed" in html


# For readers outside


@pytest.fixture
def asked(reported):
    return reported(home_country="US", report_addresses="office@senate.example")


def test_organisers_see_every_number_and_what_is_new(asked, sign, at, mailoutbox):
    sign(asked, 12, "US-NY")
    sign(asked, 2, "US-PA")
    sign(asked, 1)
    at(MONDAY)
    sign(asked, 3, "US-NY")
    at(MONDAY + timedelta(weeks=1))
    mine = next(mail for mail in mailoutbox if mail.to == ["maria@example.org"])
    assert "Where they vote:\nNew York: 15 (+3)\nPennsylvania: 2\nUnknown: 1" in mine.body


def test_readers_see_no_small_numbers_and_no_links_to_the_admin(asked, sign, at, mailoutbox):
    sign(asked, 12, "US-NY")
    sign(asked, 9, "US-CA")
    sign(asked, 2, "US-PA")
    sign(asked, 1)
    at(MONDAY)
    theirs = next(mail for mail in mailoutbox if mail.to == ["office@senate.example"])
    assert "Where they vote:\nNew York: 12\nOthers or unknown: 12" in theirs.body
    assert "Pennsylvania" not in theirs.body
    assert "/admin/" not in theirs.body
    assert "To stop it, reply to this email." in theirs.body
    sign(asked, 3, "US-NY")
    at(MONDAY + timedelta(weeks=1))
    theirs = next(mail for mail in mailoutbox if mail.to == ["office@senate.example"])
    assert "Since Nov. 23, 2026: under 5" in theirs.body


@pytest.mark.parametrize(
    ("regions", "shown", "rest"),
    [
        ({"a": 9, "b": 7}, {"a": 9, "b": 7}, 0),
        ({"a": 9, "b": 7, "c": 4, "d": 3}, {"a": 9, "b": 7}, 7),
        # One hidden number would be the difference to the total.
        ({"a": 9, "b": 7, "c": 4}, {"a": 9}, 11),
        ({"a": 9, "b": 7, "c": 1, "d": 1}, {"a": 9}, 9),
        ({"a": 9, "b": 1}, {}, 10),
        ({"a": 1, "b": 2}, {}, 0),
        ({"a": 4}, {}, 0),
        ({}, {}, 0),
    ],
)
def test_hiding_small_numbers(regions, shown, rest):
    assert hide_small(regions) == (shown, rest)


def test_an_organiser_among_the_readers_gets_one(reported, sign, at):
    page = reported(report_addresses="Maria@example.org\nmaria@example.org\noffice@example.org")
    sign(page, 20)
    assert sorted(at(MONDAY)) == ["maria@example.org", "office@example.org"]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_each_zone_has_its_monday(reported, sign, at, settings, zone):
    settings.TIME_ZONE = zone
    monday = MONDAY.replace(tzinfo=ZoneInfo(zone))
    sign(reported(), 20)
    assert at(monday - timedelta(minutes=1)) == []
    assert at(monday) == ["maria@example.org"]


def test_no_query_on_other_days(clock, django_assert_num_queries):
    clock.stop(MONDAY + timedelta(days=3))
    with django_assert_num_queries(0):
        assert reports.queue_reports() == 0
