"""The list's tabs, counts, order and columns."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from wagtail_petition import ledger
from wagtail_petition.access import counting
from wagtail_petition.models import OutgoingEmail, Signature

LIST = reverse("petition_signatures:index")
COUNTS = reverse("petition_signatures:counts")


def names(response):
    return re.findall(r"<bdi>([^<]*)</bdi>", response.content.decode())


@pytest.fixture
def make_signature(make_signature):
    """Signatures of an address each."""
    number = count()
    return lambda *args, **given: make_signature(
        *args, **{"email": f"signer{next(number)}@example.org", **given}
    )


@pytest.fixture
def people(make_signature, page):
    """Two confirmed, one attempt, one invalidated and one withdrawn."""
    anna = make_signature(given_name="Anna", family_name="Moretti", country="IT", source="flyer")
    zoe = make_signature(given_name="Zoe", family_name="Adams", country="ES", region="Madrid")
    make_signature(given_name="Bruno", family_name="Bianchi", confirm=False)
    fake = make_signature(given_name="Fake", family_name="Person")
    gone = make_signature(given_name="Gone", family_name="Person")
    page.petition.refresh_from_db()
    ledger.invalidate([fake.pk], petition=page.petition)
    ledger.withdraw(gone)
    return anna, zoe


class TestTabs:
    def test_opens_on_the_signatures_that_count(self, log_in, viewer, people):
        response = log_in(viewer).get(LIST, follow=True)
        assert names(response) == ["Zoe Adams", "Anna Moretti"]
        assert response.redirect_chain == [(f"{LIST}?status=confirmed", 302)]

    def test_each_has_its_number(self, log_in, viewer, people):
        client = log_in(viewer)
        assert client.get(COUNTS, {"status": "confirmed"}).json() == {
            "heading": "2 confirmed",
            "tabs": {
                "confirmed": "2",
                "unconfirmed": "1",
                "invalidated": "1",
                "withdrawn": "1",
                "": "5",
            },
        }

    def test_they_keep_the_search_and_the_filters(self, log_in, viewer, people):
        client = log_in(viewer)
        response = client.get(
            LIST, {"status": "confirmed", "q": "bruno", "country": "IT", "p": "x"}
        )
        tabs = {label: url for _status, label, url, _count in response.context["tabs"]}
        assert tabs["Unconfirmed"] == "?status=unconfirmed&q=bruno&country=IT"
        assert names(client.get(f"{LIST}{tabs['Unconfirmed']}")) == ["Bruno Bianchi"]
        counts = client.get(COUNTS, {"status": "confirmed", "q": "bruno"}).json()
        assert counts["heading"] == "There are 0 matches"
        assert counts["tabs"]["unconfirmed"] == "1"

    def test_a_number_that_goes_on(self, log_in, viewer, people, monkeypatch):
        monkeypatch.setattr(counting, "MOST", 1)
        counts = log_in(viewer).get(COUNTS, {"status": "", "q": "a"}).json()
        assert counts["heading"] == "More than 1 matches"
        assert log_in(viewer).get(COUNTS, {"signed_from": "2001-01-01"}).json()["tabs"] == {
            "confirmed": "1+",
            "unconfirmed": "1",
            "invalidated": "1",
            "withdrawn": "1",
            "": "4+",
        }

    def test_what_tallies_know_is_exact(self, log_in, viewer, people, monkeypatch):
        monkeypatch.setattr(counting, "MOST", 0)
        client = log_in(viewer)
        today = timezone.now().date()
        for asked, heading in [
            ({"country": "IT"}, "There is 1 match"),
            ({"source": "flyer"}, "There is 1 match"),
            ({"origin": "web"}, "There are 2 matches"),
            ({"origin": "paper"}, "There are 0 matches"),
            ({"language": "en"}, "There are 2 matches"),
            ({"counted_from": today - timedelta(days=3)}, "There are 2 matches"),
            ({"counted_to": today - timedelta(days=3)}, "There are 0 matches"),
        ]:
            shown = client.get(LIST, {"status": "confirmed", **asked})
            assert shown.context["count_label"] == heading


class TestDates:
    def test_in_the_users_format_and_time_zone(self, log_in, viewer, make_signature):
        signature = make_signature()
        moment = datetime(2026, 3, 2, 23, 5, tzinfo=UTC)
        Signature.objects.filter(pk=signature.pk).update(signed_at=moment)
        UserProfile.objects.create(
            user=viewer, preferred_language="it", current_time_zone="Asia/Tokyo"
        )
        client = log_in(viewer)
        listed = client.get(LIST, {"status": ""}).text
        # And in a tooltip in words, with the zone.
        time = re.search(r'<time datetime="2026-03-02T23:05:00Z" title="([^"]*)">([^<]*)<', listed)
        assert time[2] == "03/03/2026 08:05"
        assert "(JST)" in time[1]
        inspected = client.get(reverse("petition_signatures:inspect", args=[signature.pk])).text
        assert time[0] in inspected


class TestFilters:
    def test_region(self, log_in, viewer, people):
        assert names(log_in(viewer).get(LIST, {"region": "Madrid"})) == ["Zoe Adams"]

    def test_messages_by_what_was_decided(self, log_in, viewer, page, make_signature):
        shown = make_signature(given_name="Anna", family_name="Moretti", message="Please.")
        make_signature(given_name="Zoe", family_name="Adams", message="Now!")
        make_signature(given_name="Bo", family_name="Berg", message="Later", confirm=False)
        ledger.set_message_state([shown.pk], "shown", petition=shown.petition)
        client = log_in(viewer)
        assert names(client.get(LIST, {"message_state": "shown"})) == ["Anna Moretti"]
        assert names(client.get(LIST, {"message_state": "pending"})) == ["Zoe Adams"]

    def test_emails_that_failed(self, log_in, viewer, make_signature):
        missed = make_signature(given_name="Anna", family_name="Moretti", confirm=False)
        make_signature(given_name="Zoe", family_name="Adams")
        OutgoingEmail.objects.filter(signature=missed).update(state="failed")
        client = log_in(viewer)
        assert names(client.get(LIST, {"email_failed": "true"})) == ["Anna Moretti"]
        assert names(client.get(LIST, {"email_failed": "false"})) == ["Zoe Adams"]


class TestOrder:
    @pytest.fixture
    def many(self, page, make_signature):
        text = make_signature(email="first@example.org", given_name="Zz").signed_text
        now = timezone.now()
        ledger.record_import(
            page.petition,
            [
                Signature(
                    given_name=f"N{number * 7 % 60:02}",
                    email=f"n{number}@example.org",
                    country="IT",
                    language="en",
                    signed_text=text,
                    signed_at=now - timedelta(minutes=number),
                    confirmed_at=now,
                )
                for number in range(119)
            ],
        )

    @pytest.mark.parametrize(
        ("ordering", "field"),
        [("number", "number"), ("name", "name_key"), ("signed_at", "signed_at")],
    )
    def test_leads_through_all_pages_both_ways(self, log_in, viewer, many, ordering, field):
        client = log_in(viewer)
        for dash in ("", "-"):
            asked = {"status": "confirmed", "ordering": f"{dash}{ordering}"}
            rows = self.walk(client, asked, "next")
            expected = Signature.objects.order_by(f"{dash}{field}", f"{dash}pk")
            assert rows == list(expected.values_list("pk", flat=True))
            back = self.walk(client, {**asked, "p": "oldest"}, "prev")
            assert set(back) == set(rows)

    def walk(self, client, asked, rel):
        rows, url = [], f"{LIST}?" + "&".join(f"{k}={v}" for k, v in asked.items())
        while url:
            response = client.get(url)
            rows += [row.pk for row in response.context["page_obj"]]
            link = re.search(rf'rel="{rel}" href="([^"]+)"', response.content.decode())
            url = link and link[1].replace("&amp;", "&")
        return rows

    def test_no_name_is_in_an_address(self, log_in, viewer, many):
        response = log_in(viewer).get(LIST, {"status": "confirmed", "ordering": "name"})
        assert response.context["page_obj"].next_page.startswith("older-")
        assert response.context["page_obj"].next_page[6:].isdigit()

    def test_only_where_an_index_leads(self, log_in, superuser, people, other_page, make_signature):
        make_signature(other_page, given_name="Other")
        client = log_in(superuser)
        html = client.get(LIST, {"status": "confirmed"}).content.decode()
        assert "ordering=name" not in html
        assert "ordering=signed_at" in html
        petition = people[0].petition_id
        html = client.get(LIST, {"status": "confirmed", "petition": petition}).content.decode()
        assert "ordering=name" in html


class TestColumns:
    def test_are_chosen_and_remembered(self, log_in, viewer, people):
        client = log_in(viewer)
        client.post(LIST, {"columns": ["region", "source"], "next": f"{LIST}?status=confirmed"})
        html = client.get(LIST, {"status": "confirmed"}).content.decode()
        assert "Madrid" in html
        assert "flyer" in html
        assert "signer0<wbr>@example.org" not in html

    def test_what_is_none_changes_nothing(self, log_in, viewer, people):
        client = log_in(viewer)
        client.post(LIST, {"columns": ["password"]})
        assert (
            "signer0<wbr>@example.org" in client.get(LIST, {"status": "confirmed"}).content.decode()
        )

    def test_the_petition_is_named_where_there_are_several(
        self, log_in, superuser, people, other_page, make_signature
    ):
        make_signature(other_page, given_name="Other")
        client = log_in(superuser)
        shown = client.get(LIST, {"status": "confirmed"})
        assert "Open the archives" in re.sub(
            r"<select.*?</select>", "", shown.text, flags=re.DOTALL
        )
        alone = client.get(LIST, {"petition": people[0].petition_id, "status": "confirmed"})
        without = re.sub(r"<select.*?</select>", "", alone.text, flags=re.DOTALL)
        assert "Open the archives" not in without


def test_wagtails_search_looks_here_too(log_in, viewer, admin_client, people):
    searched = admin_client.get(reverse("wagtailadmin_pages:search"), {"q": "anna"}).text
    assert f"{LIST}?q=anna" in searched
    assert names(log_in(viewer).get(LIST, {"q": "anna"})) == ["Anna Moretti"]
