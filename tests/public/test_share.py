"""Sharing the petition, and the source of signatures."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from wagtail_petition.models import Signature
from wagtail_petition.public.share import qr_svg, share_links
from wagtail_petition.signing.views.confirm import signed_url

HOSTS = {
    "email": "",
    "whatsapp": "wa.me",
    "facebook": "www.facebook.com",
    "x": "x.com",
    "bluesky": "bsky.app",
    "mastodon": "share.joinmastodon.org",
    "telegram": "t.me",
    "linkedin": "www.linkedin.com",
}


@pytest.fixture
def signed_html(client, page, make_signature):
    signature = make_signature()
    response = client.get(signed_url(page, signature.number))
    return response.content.decode()


def test_each_network_gets_the_page_with_its_own_source(page):
    links = share_links(page)
    assert {link.source: urlsplit(link.url).netloc for link in links} == HOSTS
    for link in links:
        assert f"{page.full_url}?source={link.source}" in unquote(link.url)


def test_lines_of_an_email_end_as_mail_programs_want_it(page):
    """CRLF, says RFC 6068."""
    (email,) = [link.url for link in share_links(page) if link.source == "email"]
    assert "%0D%0A%0D%0A" in email
    assert "%0A" not in email.replace("%0D%0A", "")


def test_the_editors_text_is_what_is_shared(make_page):
    page = make_page(title="50% & {more}", share_text="Sign — “now” & {fast} #1")
    links = {link.source: urlsplit(link.url) for link in share_links(page)}
    assert parse_qs(links["x"].query)["text"] == ["Sign — “now” & {fast} #1"]
    assert parse_qs(links["email"].query)["subject"] == ["50% & {more}"]
    assert parse_qs(links["mastodon"].fragment)["text"] == [
        f"Sign — “now” & {{fast}} #1 {page.full_url}?source=mastodon"
    ]


def test_a_space_stays_a_space_in_a_mail_program(page):
    """Which reads a plus sign as a plus sign."""
    mail = next(link.url for link in share_links(page) if link.source == "email")
    assert "+" not in mail


def test_each_language_shares_its_own_page_in_its_own_words(page, translated):
    translated.share_text = "Firma anche tu"
    url = unquote(next(link.url for link in share_links(translated) if link.source == "x"))
    assert "Firma anche tu" in url
    assert translated.full_url in url


def test_the_step_loads_nothing_from_elsewhere(signed_html):
    assert re.findall(r"""(?:src|srcset|action)=["']?(?:https?:)?//""", signed_html) == []
    assert re.findall(r"<link[^>]+href=[\"']https?:", signed_html) == []
    assert signed_html.count('rel="noreferrer"') == len(HOSTS)


def test_the_step_has_text_link_and_qr_code(page, signed_html):
    text = unescape(signed_html)
    assert page.get_share_text() in text
    assert f'value="{page.full_url}?source=link"' in text
    assert qr_svg(f"{page.full_url}?source=qr") in signed_html
    assert 'aria-label="QR code that links to this petition"' in text


def test_what_only_a_script_can_do_is_hidden_without_one(signed_html):
    buttons = re.findall(r"<button[^>]+data-petition-(?:share|copy)[^>]*>", signed_html)
    assert len(buttons) == 2
    assert all(" hidden" in button for button in buttons)


def test_a_qr_code_keeps_to_the_content_security_policy():
    svg = qr_svg("https://example.org/?a=1&b=<script>")
    assert svg.startswith("<svg ")
    assert "style" not in svg
    assert "script" not in svg


# Where signers came from


def test_a_shared_link_ends_up_on_the_signature(client, page, post):
    html = client.get(page.url, {"source": "whatsapp"}).content.decode()
    assert re.search(r'<input[^>]+name="source"[^>]+value="whatsapp"', html)
    post(source="whatsapp")
    assert Signature.objects.get().source == "whatsapp"


def test_a_source_that_is_no_word_does_no_harm(client, page, post):
    html = client.get(page.url, {"source": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in html
    post(source='"><script>alert(1)</script>')
    assert Signature.objects.get().source == ""


def test_the_same_address_is_the_same_bytes_for_everybody(page, client):
    first = client.get(page.url, {"source": "x"})
    second = type(client)(headers={"user-agent": "Other"}).get(page.url, {"source": "x"})
    assert first.content == second.content
    assert not first.cookies
