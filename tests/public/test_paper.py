"""The paper sheets."""

import re
from html import unescape

import pytest
from wagtail.models import Locale

from wagtail_petition.identity.sheet_numbers import get_mark, read_number
from wagtail_petition.models import PrintedText


def test_the_sheet_has_all_that_one_signs(client, make_page):
    page = make_page(reply_to="office@example.org")
    response = client.get(f"/petitions/{page.petition_key}/paper/")
    html = unescape(response.content.decode())
    assert page.title in html
    assert page.letter in html
    assert page.get_paper_consent_text() in html
    assert "by email" not in html.partition("<table>")[0]
    assert "Jane Doe" in html
    assert "Attorney General" in html
    assert "office@example.org" in html
    assert html.count('<th scope="row">') == 15
    assert response["X-Robots-Tag"] == "noindex"


def test_it_asks_for_no_more_than_the_form(client, make_page):
    page = make_page(ask_city="optional", ask_postcode="no", ask_family_name="optional")
    html = client.get(f"/petitions/{page.petition_key}/paper/").content.decode()
    assert "Country where I live, city</th>" in html
    assert "Name, in capitals" in html


def test_it_is_in_its_language(client, url_of, translated):
    response = client.get(url_of("paper"), {"language": "it"})
    assert '<html lang="it" dir="ltr">' in response.content.decode()
    assert response["Content-Language"] == "it"
    assert translated.full_url.partition("://")[2].rstrip("/") in response.content.decode()


def test_the_code_leads_to_the_page_and_says_paper(client, page, url_of):
    assert client.get(url_of("paper")).context["address"] == f"{page.full_url}?source=paper"


def numbers_on(response):
    """The numbers of the sheets on a page, in order."""
    return re.findall(r'<section class="sheet" aria-label="Sheet ([^"]+)"', response.text)


def test_each_sheet_has_a_number_of_its_own(client, url_of):
    (first,) = numbers_on(client.get(url_of("paper")))
    response = client.get(url_of("paper"), {"sheets": "3"})
    numbers = numbers_on(response)
    assert len({first, *numbers}) == 4
    assert [read_number(number) for number in numbers] == numbers
    # The page is the same for everybody, and no two people may print the same numbers.
    assert "no-store" in response["Cache-Control"]
    # It stands beside the code, and above the table on each printed page.
    assert response.text.count(f'<bdi dir="ltr">{numbers[0]}</bdi>') == 2


@pytest.mark.parametrize(
    ("wanted", "shown"), [("", 1), ("0", 1), ("-3", 1), ("x", 1), ("9" * 30, 1), ("5000", 30)]
)
def test_no_number_of_sheets_breaks_it(client, url_of, wanted, shown):
    assert len(numbers_on(client.get(url_of("paper"), {"sheets": wanted}))) == shown


def test_the_numbers_say_which_text_they_are_of(client, page, url_of):
    def marks():
        return {get_mark(n) for n in numbers_on(client.get(url_of("paper"), {"sheets": "3"}))}

    before = marks()
    assert marks() == before
    printed = PrintedText.objects.get()
    assert before == {printed.mark}
    assert printed.signed_text.letter == page.letter
    page.letter = "<p>Another.</p>"
    page.save_revision().publish()
    assert len(marks() | before) == 2


def test_where_people_vote_is_asked_if_the_form_asks_it(client, make_page):
    def html(**fields):
        page = make_page(**fields)
        return unescape(client.get(f"/petitions/{page.petition_key}/paper/").text)

    assert "Where do you vote?" not in html()
    asked = html(home_country="US", ask_home_tie="no", ask_home_district="optional")
    assert "Where do you vote? (United States" in asked
    assert "State, Congressional district</th>" in asked
    assert "Circle the letter" not in asked
    assert "where I vote" in asked
    with_tie = html(home_country="US", ask_home_tie="optional")
    assert "<b>A</b> I vote there, or can vote there" in with_tie
    assert with_tie.count('<span class="letter-to-circle">D</span>') == 15


def test_the_number_is_not_in_the_code(client, page, url_of):
    response = client.get(url_of("paper"))
    assert numbers_on(response)[0] not in response.context["address"]


def test_news_are_offered_if_the_form_offers_them(client, make_page):
    def text(page):
        return client.get(f"/petitions/{page.petition_key}/paper/").text

    assert "to get news" in text(make_page())
    assert "to get news" not in text(make_page(ask_news=False))


def test_it_is_printed_from_right_to_left_in_arabic(client, make_page, home):
    arabic = Locale.objects.create(language_code="ar")
    page = make_page(parent=home.copy_for_translation(arabic), locale=arabic)
    html = client.get(f"/petitions/{page.petition_key}/paper/").text
    assert '<html lang="ar" dir="rtl">' in html
    assert '<bdi dir="ltr">' in html
