"""What the petition page says: the same for everybody, in the page's language, complete."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.models import Delivery, Petition


def shown(page, client=None, query=""):
    """The page's text as it is sent."""
    response = (client or Client()).get(page.url + query)
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    """What is read of ``html``, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def count(page, number):
    Petition.objects.filter(key=page.petition_key).update(
        signature_count=number, last_number=number
    )


def events(*values, **changes):
    return [
        (
            "timeline",
            {"heading": "What happened", "order": "oldest", "events": list(values), **changes},
        )
    ]


# The same for everybody


def test_two_visitors_get_the_same_bytes(page, client):
    client.cookies["sessionid"] = "somebody"
    first = client.get(page.url)
    second = Client(headers={"user-agent": "another"}).get(page.url)
    assert first.content == second.content
    assert not first.cookies
    assert not second.cookies


def test_the_form_holds_no_token(page):
    html = shown(page)
    assert "csrf" not in html
    assert f'action="{page.sign_url}"' in html


def test_what_happens_shows_at_once_although_the_page_is_kept(page, make_signature):
    assert "Be the first to sign." in shown(page)
    signature = make_signature(show_name=True)
    assert "1 person has signed." in words(shown(page))
    assert "Anna M." in shown(page)
    ledger.set_show_name(signature, False)
    assert "Anna M." not in shown(page)
    page.title = "Another title"
    page.save_revision().publish()
    assert "Another title" in shown(page)
    page.closes_at = timezone.now() - timedelta(days=1)
    page.save_revision().publish()
    assert "Closed on" in shown(page)


def test_queries_do_not_depend_on_how_much_there_is(make_page):
    def rich(number):
        event = {"date": date(2018, 4, 6), "precision": "day", "title": "Event", "text": "<p>A</p>"}
        link = {"title": "Link", "url": "https://example.org/"}
        return make_page(
            body=[
                *events(*[event] * number),
                ("links", {"heading": "Background", "links": [link] * number}),
            ],
            sponsors=[("sponsor", {"name": "Somebody"})] * number,
        )

    def queries(page):
        # A source in the URL, so that the page isn't served from the cache.
        shown(page, query="?source=warm")
        with CaptureQueriesContext(connection) as captured:
            shown(page, query="?source=again")
        return len(captured)

    assert queries(rich(1)) == queries(rich(30)) <= 20


# Count and goal


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0, "Be the first to sign. Let’s get to 100."),
        (1, "1 person has signed. Let’s get to 100."),
        (1284, "1,284 people have signed. Let’s get to 2,000."),
        (2000, "2,000 people have signed. Let’s get to 5,000."),
    ],
)
def test_count_and_next_goal(page, number, sentence):
    count(page, number)
    assert sentence in words(shown(page))


def test_numbers_have_the_separators_of_the_language(page, translated):
    count(page, 1284)
    assert "1,284" in words(shown(page))
    assert "1.284" in words(shown(translated))


# States


def test_upcoming(make_page):
    page = make_page(opens_at=timezone.now() + timedelta(days=3))
    html = shown(page)
    assert "Opens on" in html
    assert "petition-given_name" not in html


def test_a_closed_letter_is_from_all_who_signed(make_page):
    page = make_page(closes_at=timezone.now() - timedelta(days=3))
    count(page, 1284)
    text = words(shown(page))
    assert "From 1,284 people" in text
    assert "[Your name]" not in text
    assert "Let’s get to" not in text


def test_what_became_of_it(page, make_signature):
    make_signature()
    for is_public, recipient in ((True, "Jane Doe"), (False, "Somebody else")):
        Delivery.objects.create(
            petition=page.petition,
            state=Delivery.State.DELIVERED,
            recipient=recipient,
            language="en",
            last_number=1,
            count=1,
            delivered_on=date(2018, 7, 1),
            is_public=is_public,
        )
    text = words(shown(page))
    assert "1 signature delivered to Jane Doe on July 1, 2018" in text
    assert "Somebody else" not in text


# The form


def test_a_program_finds_its_field_and_a_script_its_own(page):
    html = shown(page)
    assert re.search(r'<p class="petition-fax" aria-hidden="true">.*name="fax" tabindex="-1"', html)
    assert '<input type="hidden" name="elapsed">' in html


def test_only_what_is_optional_is_marked(make_page):
    text = words(shown(make_page(ask_city="optional", ask_postcode="required")))
    assert "City (optional)" in text
    assert "Postcode (optional)" not in text
    assert "First name (optional)" not in text


def test_the_consent_is_the_label_of_its_box(make_page):
    page = make_page(consent_text="<p>I agree <b>to this</b>.</p><p>And to that.</p>")
    label = re.search(r'<label for="petition-consent">(.*?)</label>', shown(page), re.DOTALL)[1]
    assert "<p" not in label
    assert words(label) == "I agree to this . And to that."


def test_the_country_that_was_chosen_stays_chosen(post):
    html = post(given_name="", country="IT").content.decode()
    assert re.findall(r'<option value="(\w*)" selected>', html) == ["IT"]


@pytest.mark.parametrize("country", ['"><script>', "XX", "' selected"])
def test_a_country_that_does_not_exist_is_no_option(post, country):
    response = post(country=country)
    assert response.status_code == 422
    html = response.content.decode()
    assert "<script>" not in html
    assert "selected>" not in html.split('name="country"')[1].split("</select>")[0]


def test_countries_are_written_in_the_language_of_the_page(page, translated):
    assert '<option value="DE">Germany</option>' in shown(page)
    assert '<option value="DE">Germania</option>' in shown(translated)


def test_proof_of_work_where_it_is_switched_on(page, settings):
    assert "data-petition-proof" not in shown(page)
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "ALTCHA": True}
    assert "data-petition-proof" in shown(page, query="?source=new")


# The body


@pytest.mark.parametrize(
    ("precision", "machine", "human"),
    [
        ("day", "2018-04-06", "April 6, 2018"),
        ("month", "2018-04", "April 2018"),
        ("year", "2018", "2018"),
    ],
)
def test_dates_are_as_precise_as_the_editor_said(make_page, precision, machine, human):
    event = {"date": date(2018, 4, 6), "precision": precision, "title": "It begins"}
    page = make_page(body=events(event))
    assert f'<time class="petition-date" datetime="{machine}">{human}</time>' in shown(page)


def test_a_long_timeline_is_folded_in_its_order(make_page):
    made = [
        {"date": date(2018, 1, day), "precision": "day", "title": f"Day {day}."}
        for day in range(1, 31)
    ]
    html = shown(make_page(body=events(*made, order="newest")))
    assert re.findall(r"Day (\d+)\.", html) == [str(day) for day in range(30, 0, -1)]
    open_part, folded = html.split("<details", 1)
    assert "Day 23." in open_part
    assert "Show 22 more events" in folded


def test_links_name_the_host_of_their_source(make_page, home):
    links = [
        {"title": "The policy", "url": "https://www.justice.gov/policy", "description": "In full"},
        {"title": "About us", "page": home},
    ]
    page = make_page(body=[("links", {"heading": "Background", "links": links})])
    text = words(shown(page))
    assert "The policy justice.gov · In full" in text
    assert "About us" in text


def test_a_film_is_a_link_and_no_more(make_page):
    html = shown(make_page(body=[("video", {"video": "https://www.youtube.com/watch?v=1"})]))
    assert '<a href="https://www.youtube.com/watch?v=1">Watch the video</a>' in html
    assert "<iframe" not in html


def test_nothing_an_editor_types_is_markup(make_page):
    bad = "<script>alert(1)</script>"
    page = make_page(
        title=bad,
        recipients=[("recipient", {"name": bad, "office": bad, "role": "to"})],
        sponsors=[("sponsor", {"name": bad})],
        body=[
            *events({"date": date(2018, 1, 1), "precision": "day", "title": bad}, heading=bad),
            ("links", {"heading": bad, "links": [{"title": bad, "description": bad}]}),
            ("heading", bad),
            ("quote", {"text": bad, "author": bad}),
            ("image", {"caption": bad, "credit": bad}),
            ("action", {"text": bad, "button": bad}),
        ],
        questions=[("short_text", {"label": bad, "help_text": bad})],
    )
    assert bad not in shown(page)


@pytest.mark.parametrize(
    ("dates", "name"),
    [
        ({}, "Sign this petition"),
        ({"opens_at": timedelta(days=1)}, "Signatures"),
        ({"closes_at": -timedelta(days=1)}, "Signatures"),
    ],
)
def test_the_card_is_called_what_it_is(make_page, dates, name):
    html = shown(make_page(**{field: timezone.now() + delta for field, delta in dates.items()}))
    assert re.search(r'id="petition-form-title">([^<]+)<', html)[1] == name
