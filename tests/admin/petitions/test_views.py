"""The overview: each petition once, with its figures and what can be done."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from wagtail_petition import ledger
from wagtail_petition.access import counting
from wagtail_petition.admin.petitions import statistics
from wagtail_petition.models import Petition, PetitionLogEntry, PetitionPage, Signature

OVERVIEW = reverse("petitions:index")


def cells(response):
    """The table's texts: a list of cells for each row."""
    rows = re.findall(r"<tr>(.*?)</tr>", response.content.decode(), re.S)
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", c).split()) for c in row] for row in found if row]


class TestFigures:
    @pytest.fixture
    def petition(self, page):
        return page.petition

    def figures(self, petition):
        return statistics.with_figures(Petition.objects.filter(pk=petition.pk)).get()

    def test_days_and_weeks(self, petition, make_signature, clock):
        start = timezone.now()
        for days, email in [(0, "a"), (5, "b"), (9, "c")]:
            clock.stop(start + timedelta(days=days))
            make_signature(email=f"{email}@example.org")
        clock.stop(start + timedelta(days=9, hours=1))
        found = self.figures(petition)
        assert (found.last_day, found.last_week, found.signature_count) == (1, 2, 3)

    def test_unconfirmed(self, petition, make_signature):
        make_signature(confirm=False)
        assert self.figures(petition).waiting == 1

    def test_what_was_withdrawn_is_not_counted(self, petition, make_signature):
        ledger.withdraw(make_signature())
        found = self.figures(petition)
        assert (found.last_day, found.last_week) == (0, 0)

    def test_counting_ends_at_a_bound(self, petition, make_signature, monkeypatch):
        for n in range(4):
            make_signature(email=f"{n}@example.org", confirm=False)
        monkeypatch.setattr(counting, "MOST", 2)
        assert self.figures(petition).waiting == 3

    def test_the_same_number_everywhere(self, log_in, superuser, page, make_signature, monkeypatch):
        """On the overview, the home page, the dashboard and in the list."""
        for n in range(4):
            make_signature(email=f"{n}@example.org")
        client = log_in(superuser)
        places = [
            OVERVIEW,
            reverse("wagtailadmin_home"),
            reverse("petitions:dashboard", args=[page.petition.pk]),
        ]
        monkeypatch.setattr(counting, "MOST", 3)
        for place in places:
            assert "more than 3<" in client.get(place).text
        monkeypatch.setattr(counting, "MOST", 4)
        for place in places:
            assert "more than 3<" not in client.get(place).text


class TestOverview:
    def test_one_row_whatever_the_languages(self, log_in, superuser, page, translated):
        rows = cells(log_in(superuser).get(OVERVIEW))
        assert len(rows) == 1
        assert (
            rows[0][-1] == "English : Stop separating families Italiano : Stop separating families"
        )

    def test_translations_that_are_behind(self, log_in, superuser, page, translated):
        client = log_in(superuser)
        assert "translation out of date" not in client.get(OVERVIEW).content.decode()
        page.save_revision().publish()
        assert client.get(OVERVIEW).content.decode().count("translation out of date") == 1

    def test_figures(self, log_in, superuser, page, make_signature):
        make_signature()
        make_signature(email="b@example.org", confirm=False)
        (row,) = cells(log_in(superuser).get(OVERVIEW))
        assert row[1:5] == ["1 Goal: 100", "1", "1", "1"]

    def test_paper_is_part_of_the_count(self, log_in, superuser, page):
        ledger.set_offline_count(page.petition, 1200)
        (row,) = cells(log_in(superuser).get(OVERVIEW))
        assert row[1] == "1,200 Goal: 2,000 including 1,200 on paper"

    def test_sorted_by_what_is_shown(self, log_in, superuser, page, other_page, make_signature):
        make_signature()
        ledger.set_offline_count(other_page.petition, 5)
        rows = cells(log_in(superuser).get(OVERVIEW, {"ordering": "-all_signatures"}))
        assert [row[1].split()[0] for row in rows] == ["5", "1"]
        assert 'ordering=all_signatures"' in log_in(superuser).get(OVERVIEW).content.decode()

    def test_a_page_not_published_yet(self, log_in, superuser, make_page):
        page = make_page()
        page.unpublish()
        (row,) = cells(log_in(superuser).get(OVERVIEW))
        assert "Draft" in row[0]
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision().publish()
        (row,) = cells(log_in(superuser).get(OVERVIEW))
        assert "Scheduled" in row[0]

    def test_only_petitions_one_may_edit(self, log_in, viewer, page, other_page):
        content = log_in(viewer).get(OVERVIEW).content.decode()
        assert page.title in content
        assert other_page.title not in content

    def test_closed_to_those_without_a_petition(self, log_in, home):
        from tests.admin.people import make_user

        response = log_in(make_user("stranger", "view")).get(OVERVIEW)
        assert response.status_code == 302

    def test_search_finds_titles(self, log_in, superuser, page, other_page):
        content = log_in(superuser).get(OVERVIEW, {"q": "archives"}).content.decode()
        assert other_page.title in content
        assert page.title not in content

    @pytest.mark.parametrize(
        "query", [{"q": "\x00"}, {"p": "x"}, {"p": "999999"}, {"ordering": "key; drop"}]
    )
    def test_bad_input(self, log_in, superuser, page, query):
        assert log_in(superuser).get(OVERVIEW, query).status_code == 200

    def test_a_page_of_petitions_takes_few_queries(
        self, log_in, superuser, make_page, django_assert_max_num_queries
    ):
        for _n in range(5):
            make_page()
        client = log_in(superuser)
        client.get(OVERVIEW)
        with django_assert_max_num_queries(25):
            client.get(OVERVIEW)

    @pytest.mark.parametrize("live", [True, False])
    def test_state(self, log_in, superuser, page, live):
        if not live:
            page.unpublish()
        (row,) = cells(log_in(superuser).get(OVERVIEW))
        assert ("Open" in row[0]) is live
        assert ("Draft" in row[0]) is not live


class TestPetitionWithoutPages:
    @pytest.fixture
    def petition(self, page, make_signature):
        make_signature()
        petition = page.petition
        page.delete()
        return petition

    def test_is_listed_for_superusers(self, log_in, superuser, petition):
        response = log_in(superuser).get(OVERVIEW)
        (row,) = cells(response)
        assert "Page deleted" in row[0]
        assert row[1] == "1"
        assert reverse("petitions:recreate_page", args=[petition.pk]) in response.content.decode()

    def test_is_not_there_for_others(self, log_in, manager, other_page, petition):
        assert (
            log_in(manager).get(reverse("petitions:dashboard", args=[petition.pk])).status_code
            == 404
        )

    def test_gets_a_new_page_from_what_was_signed(self, log_in, superuser, home, petition):
        text = Signature.objects.get().signed_text
        response = log_in(superuser).post(
            reverse("petitions:recreate_page", args=[petition.pk]),
            {"page_type": "wagtail_petition.petitionpage", "parent": home.pk},
        )
        page = PetitionPage.objects.get()
        assert response["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
        assert (page.petition, page.title, page.letter) == (petition, text.title, text.letter)
        assert not page.live

    def test_one_page_is_enough(self, log_in, superuser, petition, make_page):
        make_page(translation_key=petition.key)
        response = log_in(superuser).get(reverse("petitions:recreate_page", args=[petition.pk]))
        assert response.status_code == 404

    def test_not_below_a_page_that_takes_none(self, log_in, superuser, petition):
        response = log_in(superuser).post(
            reverse("petitions:recreate_page", args=[petition.pk]),
            {"page_type": "wagtail_petition.petitionpage", "parent": Page.objects.get(depth=1).pk},
        )
        assert response.status_code == 200
        assert not PetitionPage.objects.exists()


class TestPaper:
    def url(self, page):
        return reverse("petitions:offline", args=[page.petition.pk])

    def test_is_added_and_logged(self, log_in, superuser, page):
        client = log_in(superuser)
        client.post(
            self.url(page),
            {"number": "350", "day": "2026-06-01", "place": "Rome", "note": "Market square"},
        )
        assert Petition.objects.get().total_count == 350
        entry = PetitionLogEntry.objects.get(action="wagtail_petition.offline_count")
        assert (entry.user, entry.data) == (superuser, {"before": 0, "after": 350})
        client.post(self.url(page), {"number": "12", "day": "2026-06-02"})
        assert Petition.objects.get().total_count == 362
        html = client.get(self.url(page)).text
        for words in ("June 1, 2026", "Rome", "Market square", "362 paper signatures"):
            assert words in html

    def test_a_mistake_is_taken_back(self, log_in, superuser, page):
        client = log_in(superuser)
        client.post(self.url(page), {"number": "350", "day": "2026-06-01"})
        response = client.post(self.url(page), {"number": "-315", "day": "2026-06-01"}, follow=True)
        assert "315 paper signatures removed." in response.text
        assert Petition.objects.get().total_count == 35
        response = client.post(self.url(page), {"number": "-36", "day": "2026-06-01"})
        assert "There are only 35 paper signatures." in response.text

    def test_the_page_says_what_it_is_now(self, log_in, superuser, page):
        ledger.set_offline_count(page.petition, 77)
        html = log_in(superuser).get(self.url(page)).text
        assert "77 paper signatures" in html
        assert "Without a date" in html

    @pytest.mark.parametrize("value", ["-1", "", "many", "0", "99999999999999999999"])
    def test_is_a_number(self, log_in, superuser, page, value):
        response = log_in(superuser).post(self.url(page), {"number": value, "day": "2026-06-01"})
        assert response.status_code == 200
        assert response.context["form"].errors
        assert Petition.objects.get().offline_count == 0

    @pytest.mark.parametrize("day", ["", "soon", "2999-01-01", "0001-01-01"])
    def test_is_counted_on_a_day(self, log_in, superuser, page, day):
        response = log_in(superuser).post(self.url(page), {"number": "1", "day": day})
        assert response.context["form"].errors
        assert Petition.objects.get().offline_count == 0

    def test_needs_its_own_permission(self, log_in, manager, page):
        assert log_in(manager).get(self.url(page)).status_code == 404
