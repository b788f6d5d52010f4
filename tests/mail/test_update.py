"""An update as an email: what it says, to whom, and how it looks."""

import json
import re
from datetime import date
from email import message_from_bytes, policy

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.rich_text import RichText

from tests.helpers import path_in
from tests.mail.messages import html_of, sign_as_other
from wagtail_petition.ledger import tokens
from wagtail_petition.mail.opt_out import is_opted_out
from wagtail_petition.mail.rendering import LINKS
from wagtail_petition.mail.update import MARK, render_update, render_update_message
from wagtail_petition.models import OutgoingEmail

pytestmark = pytest.mark.django_db

BODY = [
    ("text", RichText("<p>The <b>committee</b> will hear us.</p><ul><li>Anna</li></ul>")),
    ("heading", "What happens next"),
    ("quote", {"text": "A child belongs home.", "author": "Li Wei", "source": ""}),
    (
        "links",
        {"show_heading": True, "links": [{"title": "The agenda", "url": "https://a.example/"}]},
    ),
    ("video", {"title": "A story"}),
    ("action", {"text": "Every name counts.", "button": ""}),
]


# What it says


def test_the_html_and_the_text_say_the_same(message, make_update):
    update = make_update(introduction="At last.", body=BODY, date=date(2026, 5, 1))
    sent = message(update)
    for words in (
        *("The minister has answered", "At last.", "committee", "What happens next", "Anna"),
        *(
            "A child belongs home.",
            "Li Wei",
            "The agenda",
            "Video",
            "A story",
            "Every name counts.",
        ),
    ):
        said = "A story" if words == "Video" else words
        assert said in html_of(sent)
        assert said in sent.body
    assert "The committee will hear us.\n\n- Anna\n\nWhat happens next" in sent.body
    assert "> A child belongs home." in sent.body
    assert "- The agenda (https://a.example/)" in sent.body


def test_the_subject_is_the_editor_s_or_the_title(message, make_update):
    assert message(make_update()).subject == "The minister has answered"
    update = make_update(email_subject="Good news\r\nBcc: evil@example.org")
    sent = message(update, sign_as_other(update.petition_page))
    assert sent.subject == "Good news Bcc: evil@example.org"


def test_links_to_our_own_pages_have_the_source_and_no_others(page, message, make_update):
    update = make_update(body=BODY)
    html = html_of(message(update))
    links = re.findall(r'href="([^"]+)"', html)
    assert f"{update.full_url}?source=update-3" in links
    assert f"{page.full_url}?source=update-3#petition-form" in links
    assert "https://a.example/" in links
    assert all(link.startswith("http") for link in links)


def test_nothing_is_tracked_and_nothing_loaded_but_pictures(message, make_update):
    html = html_of(message(make_update(body=BODY)))
    assert "<img" not in html
    assert not re.search(r"<(script|link|iframe|object)|@import|url\(", html)


def test_in_the_language_of_the_update(translated, message, make_update, make_signature):
    update = make_update(translated, title="La ministra")
    html = html_of(message(update, make_signature(translated)))
    assert '<html lang="it" dir="ltr">' in html
    assert "Vedi o modifica la mia firma" in html


def test_all_of_it_is_in_one_language(page, translated, message, make_update, make_signature):
    for each, title, organisation in (
        (page, "Stop separating families", "Citizens abroad"),
        (translated, "Basta separare le famiglie", "Cittadini all’estero"),
    ):
        each.title, each.organisation = title, organisation
        each.save_revision().publish()
    update = make_update(body=BODY)
    issued = tokens.issue(signer := make_signature(translated, wants_news=True), *LINKS["update"])
    sent = render_update_message(update, signer, translated, number=3, issued=issued)
    for said in (sent.body, html_of(sent)):
        assert "you signed “Stop separating families”" in said
        assert "Citizens abroad" in said
        assert "Basta separare" not in said
        assert "Cittadini" not in said
        # Links lead to the page that the signer can read.
        assert f"{translated.full_url}?source=update-3#petition-form" in said


# What it looks like


def test_styles_are_inline_and_those_of_dark_mode_are_kept(message, make_update):
    html = html_of(message(make_update(body=BODY)))
    soup = BeautifulSoup(html, "html.parser")
    assert "background-color: #0b5cad" in soup.find("a", class_="mail-button")["style"]
    assert "font-size: 28px" in soup.h1["style"]
    (sheet,) = soup.find_all("style")
    assert sheet.string.strip().startswith("@media (prefers-color-scheme: dark)")
    assert soup.find("meta", attrs={"name": "color-scheme"})["content"] == "light dark"


def test_it_is_small(message, make_update):
    body = BODY + [("text", RichText("<p>Two hundred words of news.</p>" * 40))] * 3
    sent = message(make_update(body=body)).message()
    assert len(sent.as_bytes()) < 40_000


# Personal links


def test_each_signer_has_links_of_their_own(client, message, make_update, make_signature):
    update = make_update()
    anna, bruno = (
        make_signature(email=f"{name}@example.org", wants_news=True) for name in ("anna", "bruno")
    )
    first, second = message(update, anna), message(update, bruno)
    for step in ("unsubscribe", "signature"):
        paths = {path_in(first, step).split("?")[0], path_in(second, step).split("?")[0]}
        assert len(paths) == 2
        for path in paths:
            assert client.get(path).status_code == 200
    for sent in (first, second):
        assert MARK not in sent.body + html_of(sent)
        assert html_of(sent).count(path_in(sent, "signature")) == 1


def test_the_text_is_rendered_once_for_everybody(message, make_update, make_signature):
    update = make_update(body=BODY)
    anna = make_signature(wants_news=True)
    page = update.petition_page
    render_update(update, page, source="update-3", stored=anna.petition.script_name)
    issued = tokens.issue(anna, *LINKS[OutgoingEmail.Kind.UPDATE])
    with CaptureQueriesContext(connection) as queries:
        render_update_message(update, anna, page, number=3, issued=issued)
    assert len(queries) == 0


def test_what_is_published_anew_is_sent_anew(message, make_update, make_signature, clock):
    update = make_update()
    anna = make_signature(wants_news=True)
    assert "She will meet us" in message(update, anna).body
    clock.forward(seconds=1)
    update.body = [("heading", "Corrected")]
    update.save_revision().publish()
    assert "Corrected" in message(type(update).objects.get(pk=update.pk), anna).body


# Headers and unsubscribing


def test_headers(page, message, make_update, make_signature):
    page.reply_to, page.organisation = "help@example.org", "Citizens abroad"
    page.save_revision().publish()
    sent = message(make_update())
    received = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert received["From"] == "Citizens abroad <petitions@example.org>"
    assert received["Reply-To"] == "help@example.org"
    assert (
        received["List-Unsubscribe"].strip().startswith("<http://localhost/petitions/unsubscribe/")
    )
    assert received["List-Unsubscribe"].strip().endswith("?news>")
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert received["List-Id"] == f"<news-{page.petition.pk}.petitions.localhost>"
    assert received["Feedback-ID"] == f"update-3:petition-{page.petition.pk}:news:petitions"
    # No answer to anything that a person did.
    assert received["Auto-Submitted"] is None


@pytest.fixture
def unsubscribe(client, message, make_update, make_signature):
    """Post to the address in List-Unsubscribe, as a mail program does. Returns the signature."""

    def post(end="", **data):
        signature = make_signature(wants_news=True)
        header = message(make_update(), signature).extra_headers["List-Unsubscribe"]
        address = header.strip("<>").removeprefix("http://localhost") + end
        assert client.post(address, data or {"List-Unsubscribe": "One-Click"}).status_code == 200
        signature.refresh_from_db()
        return signature

    return post


@pytest.mark.parametrize("end", ["", "="])
def test_one_click_stops_the_news_of_this_petition_only(unsubscribe, end):
    signature = unsubscribe(end)
    assert not signature.wants_news
    assert not is_opted_out("anna@example.org")


def test_the_same_page_stops_all_emails_with_one_more_click(unsubscribe):
    signature = unsubscribe(all="1")
    assert not signature.wants_news
    assert is_opted_out("anna@example.org")


def test_the_second_link_is_about_all_emails(client, message, make_update, make_signature):
    signature = make_signature(wants_news=True)
    html = html_of(message(make_update(), signature))
    (link,) = re.findall(r'href="http://localhost(/petitions/unsubscribe/[^"?]+)"', html)
    client.post(link)
    assert is_opted_out("anna@example.org")


# For editors


def preview(update, mode="email"):
    response = update.make_preview_request(preview_mode=mode)
    response.render()
    return response.content.decode()


def test_the_editor_sees_it_before_it_is_published(page, make_update):
    html = preview(make_update(publish=False, body=BODY, email_subject="Good news"))
    assert "Good news" in html
    assert "anna@example.org" in html
    assert "Every name counts." in html
    assert MARK not in html


def test_a_draft_with_nothing_in_it(page, make_update):
    blocks = [{"type": name, "value": None} for name in ("heading", "text")]
    blocks += [{"type": name, "value": {}} for name in ("quote", "image", "video", "action")]
    blocks += [{"type": "links", "value": {"heading": "", "links": [{}]}}]
    update = make_update(publish=False, title="Only a title", body=json.dumps(blocks))
    assert "Only a title" in preview(update)
