"""The dashboard: figures and charts of one petition, and its panels on the admin's first page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.admin.petitions import statistics
from wagtail_petition.exports import breakdowns
from wagtail_petition.models import Breakdown, OutgoingEmail, Signature

HOME = reverse("wagtailadmin_home")


def dashboard(page, **query):
    url = reverse("petitions:dashboard", args=[page.petition.pk])
    return url + ("?days=" + query["days"] if query else "")


def in_time(signature, seconds, *, signed_ago=timedelta(hours=2)):
    """Set ``signature`` to be signed some time ago and confirmed ``seconds`` later."""
    signed_at = timezone.now() - signed_ago
    Signature.objects.filter(pk=signature.pk).update(
        signed_at=signed_at, confirmed_at=signed_at + timedelta(seconds=seconds)
    )


class TestHealth:
    def test_nobody_has_signed(self, page):
        health = statistics.health(page.petition)
        assert (health.attempts, health.confirm_rate, health.median_time) == (0, None, None)

    def test_rate_and_median(self, page, make_signature):
        for seconds in (60, 120, 3600):
            in_time(make_signature(email=f"{seconds}@example.org"), seconds)
        waiting = make_signature(email="w@example.org", confirm=False)
        Signature.objects.filter(pk=waiting.pk).update(
            signed_at=timezone.now() - timedelta(hours=2)
        )
        health = statistics.health(page.petition)
        assert health.confirm_rate == 0.75
        assert health.median_time == timedelta(seconds=120)

    def test_who_signed_just_now_still_has_time(self, page, make_signature):
        make_signature(confirm=False)
        assert statistics.health(page.petition).confirm_rate is None

    def test_imports_were_never_asked(self, page, make_signature):
        in_time(make_signature(), 0)
        assert statistics.health(page.petition).attempts == 0

    def test_mail(self, page, make_signature):
        make_signature()
        confirm, receipt = OutgoingEmail.objects.order_by("pk")
        OutgoingEmail.objects.filter(pk=confirm.pk).update(state="failed", last_error="550 No")
        health = statistics.health(page.petition)
        assert (health.failed, health.due, health.last_error) == (1, 1, "550 No")
        assert not health.is_late
        OutgoingEmail.objects.filter(pk=receipt.pk).update(
            due_at=timezone.now() - timedelta(minutes=20)
        )
        assert statistics.health(page.petition).is_late
        later = timezone.now() + timedelta(days=3)
        OutgoingEmail.objects.filter(pk=receipt.pk).update(due_at=later)
        assert statistics.health(page.petition).due == 0


class TestSpan:
    def test_days_without_signatures_are_there(self, page, make_signature, clock):
        start = timezone.now()
        for days in (0, 20):
            clock.stop(start + timedelta(days=days))
            make_signature(email=f"{days}@example.org")
        petition = page.petition
        counts = [count for _day, count in statistics.per_day(petition, statistics.span(petition))]
        assert counts == [1, *[0] * 19, 1]

    def test_a_young_petition_has_two_weeks(self, page, make_signature):
        make_signature()
        assert statistics.span(page.petition, 90).days == statistics.FEWEST_DAYS

    def test_at_most_so_many_days(self, page, make_signature, clock):
        start = timezone.now()
        make_signature()
        clock.stop(start + timedelta(days=200))
        assert statistics.span(page.petition, 30).days == 30
        assert statistics.span(page.petition).days == 201

    def test_breakdown(self, page, make_signature):
        for n, country in enumerate(["IT", "IT", "FR", ""]):
            make_signature(email=f"{n}@example.org", country=country)
        petition = page.petition
        found = statistics.breakdown(petition, statistics.span(petition), "country")
        assert found == [("IT", 2), ("", 1), ("FR", 1)]


class TestDashboard:
    def test_what_it_shows(self, log_in, viewer, page, make_signature):
        make_signature(source="newsletter")
        content = log_in(viewer).get(dashboard(page)).content.decode()
        for text in ("Signatures per day", "Italy", "English", "newsletter", "100 %"):
            assert text in content

    def test_without_a_signature(self, log_in, viewer, page):
        content = log_in(viewer).get(dashboard(page)).content.decode()
        assert "No signatures yet." in content
        assert "No signatures in this period." in content

    @pytest.mark.parametrize("days", ["30", "90", "365", "all", "7", "x", "", "\x00"])
    def test_spans(self, log_in, viewer, page, make_signature, days):
        make_signature()
        response = log_in(viewer).get(dashboard(page, days=days))
        assert response.status_code == 200
        chosen = re.findall(r'href="\?days=(\w+)" aria-current', response.content.decode())
        assert chosen == [days if days in ("30", "365", "all") else "90"]

    def test_the_total_includes_what_came_before(self, log_in, viewer, page, make_signature, clock):
        start = timezone.now()
        make_signature()
        clock.stop(start + timedelta(days=100))
        make_signature(email="b@example.org")
        response = log_in(viewer).get(dashboard(page, days="30"))
        bars = response.context["chart"].bars
        assert (bars[0].total, bars[-1].total) == (1, 2)

    def test_charts_bring_no_style_and_no_script(self, log_in, viewer, page, make_signature):
        make_signature()
        content = log_in(viewer).get(dashboard(page)).content.decode()
        ours = content[content.index('class="petition-admin"') :].partition("</main>")[0]
        assert "<svg" in ours
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=", ours)

    def test_each_number_is_in_a_table_too(self, log_in, viewer, page, make_signature):
        make_signature()
        content = log_in(viewer).get(dashboard(page)).content.decode()
        assert content.count('<table class="petition-table">') == 4

    def test_foreign_petitions_do_not_exist(self, log_in, viewer, other_page):
        assert log_in(viewer).get(dashboard(other_page)).status_code == 404

    def test_few_queries(self, log_in, viewer, page, make_signature, django_assert_max_num_queries):
        make_signature()
        client = log_in(viewer)
        client.get(dashboard(page))
        with django_assert_max_num_queries(26):
            client.get(dashboard(page))

    def test_links_only_to_what_one_may_do(self, log_in, viewer, manager, page):
        add = reverse("petition_invalidations:add", args=[page.petition.pk])
        assert add not in log_in(viewer).get(dashboard(page)).content.decode()
        assert add in log_in(manager).get(dashboard(page)).content.decode()


class TestLinks:
    """Numbers link to a list of exactly the signatures that they count."""

    @pytest.fixture
    def months(self, page, make_signature, clock):
        """Signatures over some months, at the edges of days; some of them gone since."""
        now = datetime(2026, 6, 30, 21, 30, tzinfo=UTC)
        # In Rome it is the next day from 22:00 on.
        for n, ago in enumerate([0, 0, 1, 13, 29, 30, 60, 89, 90, 200]):
            for hour in (0, 12, 22, 23):
                clock.stop(now.replace(hour=hour, minute=10) - timedelta(days=ago))
                signature = make_signature(
                    email=f"{n}.{hour}@example.org",
                    country="FR" if n % 3 else "IT",
                    source="newsletter" if hour == 23 else "",
                )
                if n == 1:
                    ledger.invalidate([signature.pk], petition=page.petition)
                if n == 3 and hour == 0:
                    ledger.withdraw(signature)
        clock.stop(now.replace(hour=23, minute=50))
        make_signature(email="waiting@example.org", confirm=False)

    @pytest.mark.parametrize("days", ["30", "90", "365", "all"])
    def test_numbers_lead_to_what_they_count(self, log_in, viewer, page, months, days):
        client = log_in(viewer)
        response = client.get(dashboard(page, days=days))
        rows = [row for table in response.context["breakdowns"] for row in table.rows if row.url]
        assert {row.label for row in rows} == {"Italy", "France", "English", "newsletter"}
        for row in rows:
            found = client.get(row.url)
            numbers = re.findall(r"\d+", found.context["count_label"])
            assert numbers == [str(row.count)], (days, row.label, row.url)

    def test_the_list_names_the_period(self, log_in, viewer, page, months):
        client = log_in(viewer)
        response = client.get(dashboard(page, days="30"))
        content = client.get(response.context["breakdowns"][0].rows[0].url).content.decode()
        assert "Confirmed (UTC):" in content
        assert "June 1, 2026" in content
        assert (
            "Confirmed (UTC)"
            not in client.get(reverse("petition_signatures:index"), {"status": ""}).content.decode()
        )

    def test_no_link_where_no_filter_finds_them(self, log_in, viewer, page, make_signature):
        signature = make_signature()
        Signature.objects.filter(pk=signature.pk).update(language="xx")
        page.petition.tallies.update(language="xx", source="")
        response = log_in(viewer).get(dashboard(page))
        country, language, source = response.context["breakdowns"]
        assert country.rows[0].url
        assert not language.rows[0].url
        assert not source.rows[0].url


class TestCounted:
    """Regions and answers, which are counted in the background."""

    @pytest.fixture
    def asked(self, make_page):
        choices = [{"type": "item", "id": c, "value": c.title()} for c in ("yes", "no")]
        return make_page(
            title="Asked",
            questions=[
                {"type": "one_choice", "id": "q1", "value": {"label": "Vote?", "choices": choices}},
                {
                    "type": "several_choices",
                    "id": "q2",
                    "value": {"label": "Where?", "choices": choices},
                },
            ],
        )

    def test_shows_what_was_counted(self, log_in, superuser, asked, make_signature):
        for n, (answer, region) in enumerate([("yes", "Lazio"), ("yes", "Lazio"), ("no", "")]):
            make_signature(
                asked,
                email=f"{n}@example.org",
                region=region,
                answers={"q1": answer, "q2": ["yes", answer] if answer == "no" else ["yes"]},
            )
        client = log_in(superuser)
        client.get(dashboard(asked))
        response = client.get(dashboard(asked))
        found = {
            table.heading: {row.label: (row.count, row.percent) for row in table.rows}
            for table in response.context["counted"]
        }
        assert found == {
            "By state or region": {"Lazio": (2, "67 %")},
            "Vote?": {"Yes": (2, "67 %"), "No": (1, "33 %")},
            "Where?": {"Yes": (3, "100 %"), "No": (1, "33 %")},
        }
        (region,) = response.context["counted"][0].rows
        assert client.get(region.url).context["count_label"] == "There are 2 matches"

    def test_is_counted_again_once_an_hour_when_it_has_changed(self, asked, make_signature, clock):
        start = timezone.now()
        clock.stop(start)
        make_signature(asked, region="Lazio")
        breakdowns.count_stale()
        make_signature(asked, region="Lazio", email="b@example.org")
        breakdowns.count_stale()
        assert Breakdown.objects.get().regions == {"Lazio": 1}
        clock.stop(start + timedelta(hours=2))
        breakdowns.count_stale()
        assert Breakdown.objects.get().regions == {"Lazio": 2}

    def test_what_was_erased_is_gone_after_a_day(self, page, make_signature, clock):
        start = timezone.now()
        clock.stop(start)
        signature = make_signature(region="Tiny place")
        breakdowns.count_stale()
        ledger.anonymise([signature.pk], petition=page.petition)
        clock.stop(start + timedelta(days=1, hours=1))
        breakdowns.count_stale()
        assert Breakdown.objects.get().regions == {}


class TestTiles:
    def test_failed_emails_lead_to_their_signers(self, log_in, manager, page, make_signature):
        missed = make_signature(email="missed@example.org", confirm=False)
        make_signature()
        OutgoingEmail.objects.filter(signature=missed).update(state="failed")
        client = log_in(manager)
        response = client.get(dashboard(page))
        assert response.context["failed"].number == 1
        listed = client.get(response.context["failed_url"])
        assert [row.pk for row in listed.context["page_obj"]] == [missed.pk]
        asked = client.get(response.context["resend_url"])
        assert "Resend 1 email" in asked.text

    def test_the_last_week_leads_to_what_it_counts(
        self, log_in, viewer, page, make_signature, clock
    ):
        start = timezone.now()
        for days in (0, 5, 8):
            clock.stop(start + timedelta(days=days))
            make_signature(email=f"{days}@example.org")
        client = log_in(viewer)
        html = client.get(dashboard(page)).text
        url = re.search(r'href="([^"]*counted_from[^"]*)">2</a>', html)[1].replace("&amp;", "&")
        assert client.get(url).context["count_label"] == "There are 2 matches"

    def test_the_last_day_leads_to_what_it_counts(
        self, log_in, viewer, page, make_signature, clock
    ):
        start = timezone.now().replace(hour=12)
        for hours in (0, 47, 50, 70):
            clock.stop(start + timedelta(hours=hours))
            make_signature(email=f"{hours}@example.org")
        client = log_in(viewer)
        html = client.get(dashboard(page)).text
        url = re.search(r'href="([^"]*since[^"]*)">3</a>', html)[1].replace("&amp;", "&")
        listed = client.get(url)
        assert listed.context["count_label"] == "There are 3 matches"
        # The same link counts the same tomorrow, and its filter is shown in words.
        clock.stop(start + timedelta(hours=80))
        assert client.get(url).context["count_label"] == "There are 3 matches"
        assert "Confirmed since" in listed.text

    def test_messages_that_wait(self, log_in, manager, viewer, page, make_signature):
        make_signature(message="Please.")
        queue = f"{reverse('petition_messages:index')}?petition={page.petition.pk}"
        assert f'"{queue}">1</a>' in log_in(manager).get(dashboard(page)).text
        assert f'"{queue}">1</a>' not in log_in(viewer).get(dashboard(page)).text


class TestReader:
    """Editors who may see the figures, and no signatures."""

    @pytest.fixture
    def html(self, log_in, reader, page, make_signature):
        made = make_signature(given_name="Secreta", region="Lazio", source="news", message="Mine")
        make_signature(email="secreta@example.org", confirm=False)
        OutgoingEmail.objects.filter(signature=made).update(
            state="failed", last_error="550 <anna@example.org>: no such user"
        )
        breakdowns.count_stale()
        ledger.add_paper_count(page.petition, number=312, day=timezone.now().date())
        return log_in(reader).get(dashboard(page)).text

    def test_all_figures_are_there(self, html):
        for text in ("313", "including 312 on paper", "Lazio", "news", "Italy", "Unconfirmed"):
            assert text in html
        assert "Signers with a failed email" in html

    def test_nothing_is_there_of_people(self, html):
        for text in ("Secreta", "secreta@", "anna@", "no such user", "Mine"):
            assert text not in html

    def test_nothing_leads_to_signatures(self, html, page):
        for name in ("petition_signatures:index", "petition_messages:index"):
            assert reverse(name) not in html
        assert reverse("petitions:suspicious", args=[page.petition.pk]) not in html
        assert "/bulk/" not in html

    def test_the_menu_and_the_overview_have_their_petitions(self, log_in, reader, page, other_page):
        client = log_in(reader)
        home = client.get(HOME).text
        assert reverse("petitions:index") in home
        assert dashboard(page) in home
        overview = client.get(reverse("petitions:index")).text
        assert dashboard(page) in overview
        assert dashboard(other_page) not in overview
        assert reverse("petition_signatures:index") not in overview


class TestMilestones:
    def test_reached_and_expected(self, page):
        petition = page.petition
        petition.signature_count = 270
        day = timezone.now().date()
        counts = {day - timedelta(days=9): 120, day - timedelta(days=2): 150}
        found = statistics.milestones(petition, 70, counts)
        assert [(each.number, each.is_expected) for each in found] == [
            (100, False),
            (200, False),
            (500, True),
        ]
        assert found[0].day == day - timedelta(days=9)
        assert (found[2].day - statistics.today()).days == 23

    def test_nothing_is_expected_of_a_petition_that_stands_still(self, page):
        petition = page.petition
        petition.signature_count = 120
        counts = {timezone.now().date(): 120}
        assert [each.number for each in statistics.milestones(petition, 0, counts)] == [100]


class TestHome:
    def test_figures_for_those_allowed(self, log_in, viewer, page, other_page, make_signature):
        make_signature()
        content = log_in(viewer).get(HOME).content.decode()
        assert dashboard(page) in content
        assert dashboard(other_page) not in content
        assert re.search(r"<span>1</span> Petition\s", content)

    def test_nothing_for_others(self, log_in, page):
        from tests.admin.people import make_user

        content = log_in(make_user("editor", pages=[page])).get(HOME).content.decode()
        assert page.title not in content
        assert reverse("petitions:index") not in content


def test_withdrawing_lowers_a_bar(page, make_signature):
    signature = make_signature()
    petition = page.petition
    ledger.withdraw(signature)
    assert (
        sum(count for _day, count in statistics.per_day(petition, statistics.span(petition))) == 0
    )
