"""The paper form."""

from html import unescape


def test_the_sheet_has_all_that_one_signs(client, make_page):
    page = make_page(reply_to="office@example.org")
    response = client.get(f"/petitions/{page.petition_key}/paper/")
    html = unescape(response.content.decode())
    assert page.title in html
    assert page.letter in html
    assert page.get_consent_text() in html
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
