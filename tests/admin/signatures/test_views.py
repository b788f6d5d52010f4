"""The list of signatures and the page of one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from wagtail_petition import ledger
from wagtail_petition.admin import paging
from wagtail_petition.admin.signatures.views import index as views
from wagtail_petition.models import Petition, Signature

LIST = reverse("petition_signatures:index") + "?status="


def names(response):
    return re.findall(r"<bdi>([^<]*)</bdi>", response.content.decode())


@pytest.fixture
def people(make_signature):
    """Four signatures, from Anna, the first, to an attempt of Zoe's."""
    return [
        make_signature(given_name="Anna", family_name="Moretti", email="anna@example.org"),
        make_signature(
            given_name="José Ángel", family_name="Núñez", email="jose@example.com", country="ES"
        ),
        make_signature(
            given_name="李小龍", family_name="", email="li@example.net", message="For my children."
        ),
        make_signature(
            given_name="Zoe", family_name="Adams", email="zoe@mail.example.org", confirm=False
        ),
    ]


class TestList:
    def test_newest_first(self, log_in, viewer, people):
        response = log_in(viewer).get(LIST)
        assert names(response) == ["Zoe Adams", "李小龍", "José Ángel Núñez", "Anna Moretti"]

    @pytest.mark.parametrize(
        ("asked", "heading"),
        [
            ({}, "4 signatures"),
            ({"status": "confirmed"}, "3 confirmed"),
            ({"status": "unconfirmed"}, "There is 1 match"),
            ({"status": "confirmed", "message": "false"}, "There are 2 matches"),
            ({"q": "a"}, "There are 2 matches"),
            ({"q": "a", "status": "confirmed"}, "There is 1 match"),
        ],
    )
    def test_the_heading_counts_what_the_list_shows(
        self, log_in, viewer, people, page, asked, heading
    ):
        for more in ({}, {"petition": page.petition.pk}):
            response = log_in(viewer).get(LIST, asked | more)
            assert response.context["count_label"] == heading
            number = int(re.search(r"\d+", heading)[0])
            assert len(names(response)) == number

    def test_a_count_that_goes_on(self, log_in, viewer, people, monkeypatch):
        monkeypatch.setattr(paging, "COUNTED", 2)
        monkeypatch.setattr(views, "COUNTED", 2)
        monkeypatch.setattr(views.SignatureIndexView, "paginate_by", 1)
        assert log_in(viewer).get(LIST).context["count_label"] == "More than 2 signatures"
        found = log_in(viewer).get(LIST, {"signed_from": "2001-01-01"})
        assert found.context["count_label"] == "More than 2 matches"

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("2", ["José Ángel Núñez"]),
            ("#1", ["Anna Moretti"]),
            ("mor", ["Anna Moretti"]),
            ("ANNA M", ["Anna Moretti"]),
            ("moretti anna", ["Anna Moretti"]),
            ("jose angel", ["José Ángel Núñez"]),
            ("nunez", ["José Ángel Núñez"]),
            ("李", ["李小龍"]),
            ("retti", []),
            ("Anna@Example.org", ["Anna Moretti"]),
            ("anna+petitions@example.org", ["Anna Moretti"]),
            ("anna@", ["Anna Moretti"]),
            ("@example.org", ["Anna Moretti"]),
            ("@EXAMPLE.com", ["José Ángel Núñez"]),
            ("100%", []),
            ("_nna", []),
            ("9" * 40, []),
            ("\x00", []),
            ("a\x00", []),
            ("@", []),
            ("'", []),
        ],
    )
    def test_search(self, log_in, viewer, people, text, found):
        response = log_in(viewer).get(LIST, {"q": text})
        assert response.status_code == 200
        assert names(response) == found

    @pytest.mark.parametrize(
        ("given_name", "family_name", "texts"),
        [
            ("Sofia", "D’Angelo", ["D'Angelo", "D’Angelo", "d`angelo", "dangelo", "dʼangelo s"]),
            ("Łukasz", "Wałęsa", ["lukasz", "walesa", "Wałęsa Łukasz", "walesa l"]),
            ("Øyvind", "Åsgård", ["oyvind", "asgard"]),
            ("Işık", "Yılmaz", ["yilmaz", "YILMAZ", "isik", "Yılmaz"]),
            ("Mary", "Smith-Jones", ["smith jones", "smith-jones", "mary smith"]),
            ("Jones", "Smith", ["smith jones", "jones smith", "smith, jones"]),
            ("Anna Maria", "de la Cruz", ["anna de la cruz", "anna de", "de la cruz a"]),
            ("Keanu", "Kaʻiulani", ["kaiulani", "Kaʻiulani", "Ka'iulani"]),
            ("Ægir", "Þórsson", ["aegir", "thorsson"]),
            ("Jane", "Dönitz (née Groß)", ["donitz nee gross", "jane donitz"]),
        ],
    )
    def test_search_as_people_type_names(
        self, log_in, viewer, people, make_signature, given_name, family_name, texts
    ):
        make_signature(email="x@x.example", given_name=given_name, family_name=family_name)
        client = log_in(viewer)
        for text in texts:
            found = client.get(LIST, {"q": text})
            assert names(found) == [f"{given_name} {family_name}"], text

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("libero.it", ["Giulia Verdi"]),
            ("LIBERO.it", ["Giulia Verdi"]),
            ("giulia.verdi", ["Giulia Verdi"]),
            ("bruno.b", ["Bruno Bianchi"]),
            ("bruno.bianchi", ["Bruno Bianchi"]),
            ("bb77", ["Bice Bruni"]),
            ("Bice <bb77@me.com>", ["Bice Bruni"]),
            ("@me.com", ["Bice Bruni"]),
            ("90210", ["Bruno Bianchi"]),
            ("sw1a  2aa", ["Bice Bruni"]),
            ("00199", ["Giulia Verdi"]),
            ("#3", ["Bice Bruni"]),
            ("3", ["Bice Bruni"]),
            ("90211", []),
            (".", []),
            ("...", []),
        ],
    )
    def test_search_for_addresses_and_postcodes(self, log_in, viewer, make_signature, text, found):
        for given, family, email, postcode in [
            ("Giulia", "Verdi", "giulia.verdi@libero.it", "00199"),
            ("Bruno", "Bianchi", "bruno.bianchi@gmail.com", "90210"),
            ("Bice", "Bruni", "bb77@icloud.com", "SW1A 2AA"),
        ]:
            make_signature(given_name=given, family_name=family, email=email, postcode=postcode)
        assert names(log_in(viewer).get(LIST, {"q": text})) == found

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"status": "unconfirmed"}, ["Zoe Adams"]),
            ({"country": "ES"}, ["José Ángel Núñez"]),
            ({"language": "it"}, []),
            ({"source": "newsletter"}, []),
            ({"message": "true"}, ["李小龍"]),
            ({"show_name": "true"}, []),
            ({"status": "confirmed", "message": "false", "country": "IT"}, ["Anna Moretti"]),
            ({"signed_to": "2001-01-01"}, []),
            ({"confirmed_from": "2001-01-01", "country": "ES"}, ["José Ángel Núñez"]),
        ],
    )
    def test_filter(self, log_in, viewer, people, asked, found):
        assert names(log_in(viewer).get(LIST, asked)) == found

    @pytest.mark.parametrize(
        "asked",
        [
            {"petition": "x"},
            {"petition": "99999999999999999999999"},
            {"petition": "\x00"},
            {"status": "alive"},
            {"country": "\x00"},
            {"country": "XX"},
            {"language": "\x00"},
            {"source": "a\x00"},
            {"signed_from": "2025-02-31"},
            {"confirmed_to": "yesterday"},
            {"delivered": "perhaps"},
            {"message": "\x00"},
        ],
    )
    def test_what_is_not_understood_shows_nothing(self, log_in, viewer, people, asked):
        response = log_in(viewer).get(LIST, asked)
        assert response.status_code == 200
        assert names(response) == []
        assert "Invalid filter. Remove it to see signatures." in response.content.decode()

    @pytest.mark.parametrize("p", ["2", "older-", "older-x", "newer-\x00", "older-1.2.3", "9" * 99])
    def test_a_page_that_is_none_is_the_first(self, log_in, viewer, people, p):
        for asked in ({}, {"signed_from": "2001-01-01"}):
            assert names(log_in(viewer).get(LIST, {"p": p, **asked}))[0] == "Zoe Adams"

    def test_results_alone(self, log_in, viewer, people):
        url = reverse("petition_signatures:index_results")
        response = log_in(viewer).get(url, {"q": "anna", "_w_filter_fragment": "1"})
        assert names(response) == ["Anna Moretti"]
        assert "<html" not in response.content.decode()

    def test_wagtails_own_export_is_off(self, log_in, viewer, people):
        response = log_in(viewer).get(LIST, {"export": "csv"})
        assert response["Content-Type"].startswith("text/html")


class TestPaging:
    @pytest.fixture
    def many(self, page, make_signature):
        """120 signatures, of which some were signed at the same moment."""
        start = datetime(2025, 3, 1, 12, tzinfo=UTC)
        text = make_signature(email="first@example.org", given_name="First").signed_text
        ledger.record_import(
            page.petition,
            [
                Signature(
                    given_name=f"N{number}",
                    email=f"n{number}@example.org",
                    country="IT",
                    language="en",
                    signed_text=text,
                    signed_at=start + timedelta(minutes=number // 7),
                    confirmed_at=start + timedelta(minutes=number // 5),
                )
                for number in range(119)
            ],
        )

    @pytest.mark.parametrize(
        "asked",
        [{}, {"country": "IT"}, {"signed_from": "2025-01-01"}, {"confirmed_from": "2025-01-01"}],
    )
    def test_walks_to_the_end_and_back(self, log_in, viewer, many, asked):
        client = log_in(viewer)
        forth = self.walk(client, asked, "next")
        assert [len(page) for page in forth] == [50, 50, 20]
        everybody = [name for page in forth for name in page]
        assert len(set(everybody)) == 120
        back = self.walk(client, {**asked, "p": "oldest"}, "prev")
        assert [name for page in reversed(back) for name in page][-100:] == everybody[-100:]
        assert {name for page in back for name in page} == set(everybody)

    def walk(self, client, asked, rel):
        pages, url = [], "&".join([LIST, *(f"{k}={v}" for k, v in asked.items())])
        while url:
            response = client.get(url)
            pages.append(names(response))
            link = re.search(rf'rel="{rel}" href="([^"]+)"', response.content.decode())
            url = link and link[1].replace("&amp;", "&")
        return pages

    def test_never_counts_what_the_counters_know(
        self, log_in, viewer, many, django_assert_max_num_queries
    ):
        client = log_in(viewer)
        with django_assert_max_num_queries(25) as queries:
            client.get(LIST, {"status": "confirmed"})
        assert not [q for q in queries if "COUNT(*)" in q["sql"] and '_signature"' in q["sql"]]
        for asked, said in [({}, "120 signatures"), ({"country": "IT"}, "There are 120 matches")]:
            with django_assert_max_num_queries(25) as queries:
                response = client.get(LIST, asked)
            assert said in response.content.decode()
            for query in queries:
                if "COUNT(*)" in query["sql"] and '_signature"' in query["sql"]:
                    assert "LIMIT 201" in query["sql"]


class TestInspect:
    def test_shows_what_was_signed_and_what_happened(self, log_in, viewer, page, make_signature):
        signature = make_signature()
        page.letter = "<p>Another letter</p>"
        page.save_revision().publish()
        html = log_in(viewer).get(self.url(signature)).content.decode()
        assert "stop separating children" in html
        assert "Another letter" not in html
        assert signature.signed_text.sha256 in html
        assert "Confirmation request" in html
        assert "Confirmation receipt" in html

    def test_answers_have_the_words_of_the_text_signed(
        self, log_in, superuser, make_page, make_signature
    ):
        page = make_page(
            questions=[
                {
                    "type": "one_choice",
                    "id": "q1",
                    "value": {
                        "label": "Do you vote?",
                        "choices": [{"type": "item", "id": "c1", "value": "From abroad"}],
                    },
                }
            ]
        )
        signature = make_signature(page, answers={"q1": "c1"})
        html = log_in(superuser).get(self.url(signature)).content.decode()
        assert "Do you vote?" in html
        assert "From abroad" in html

    def test_markup_stays_text(self, log_in, viewer, make_signature):
        signature = make_signature(given_name="<img src=x>", message="<script>")
        html = log_in(viewer).get(self.url(signature)).content.decode()
        assert "<img src=x>" not in html
        assert "&lt;img src=x&gt;" in html

    def test_foreign_is_not_there(self, log_in, viewer, other_page, make_signature):
        signature = make_signature(other_page)
        assert log_in(viewer).get(self.url(signature)).status_code == 404

    def test_without_a_page_only_superusers_see(
        self, log_in, viewer, superuser, page, make_signature
    ):
        signature = make_signature()
        page.delete()
        assert Petition.objects.exists()
        assert log_in(viewer).get(self.url(signature)).status_code == 404
        assert log_in(superuser).get(self.url(signature)).status_code == 200

    def url(self, signature):
        return reverse("petition_signatures:inspect", args=[signature.pk])
