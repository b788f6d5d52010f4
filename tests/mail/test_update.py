"""An update as an email."""

import json
import re
from datetime import date
from email import message_from_bytes, policy

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe
from wagtail.blocks import RawHTMLBlock
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site
from wagtail.rich_text import RichText

from tests.helpers import path_in
from wagtail_petition.ledger import tokens
from wagtail_petition.mail import update as mail_update
from wagtail_petition.mail.content import EmailWhitelister, as_text, body_html
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


@pytest.fixture(autouse=True)
def _forget_kept_texts():
    mail_update._kept.cache_clear()


@pytest.fixture
def message(page, make_signature):
    """The message of an update to somebody who wants news."""

    def render(update, signature=None, number=3):
        signature = signature or make_signature(wants_news=True)
        issued = tokens.issue(signature, *LINKS[OutgoingEmail.Kind.UPDATE])
        return render_update_message(
            update, signature, update.petition_page, number=number, issued=issued
        )

    return render


def html_of(message):
    return message.alternatives[0].content


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
    sent = message(update, _other(update))
    assert sent.subject == "Good news Bcc: evil@example.org"


def _other(update):
    from wagtail_petition import ledger

    made = ledger.sign(
        update.petition_page, email="other@example.org", given_name="B", country="IT"
    )
    return ledger.confirm(made).signature


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


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_pictures_have_absolute_addresses(page, message, make_update, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = get_image_model().objects.create(title="A hand", file=get_test_image_file())
    update = make_update(
        image=image,
        image_alt_text='Two "hands"',
        body=[("image", {"image": image, "alt_text": "", "caption": "At the border"})],
    )
    sent = message(update)
    images = BeautifulSoup(html_of(sent), "html.parser").find_all("img")
    assert len(images) == 2
    assert all(each["src"].startswith("http://localhost/media/") for each in images)
    assert [each["alt"] for each in images] == ['Two "hands"', ""]
    assert "At the border" in sent.body


def test_links_are_absolute_on_every_site_and_below_a_path(
    home, make_page, make_update, message, settings
):
    root = home.get_parent().add_child(instance=type(home)(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", port=80, root_page=root)
    page = make_page(parent=root)
    settings.FORCE_SCRIPT_NAME = "/below"
    target = RichText(f'<p><a linktype="page" id="{page.pk}">Read</a> <a href="/x">x</a></p>')
    update = make_update(page, body=[("text", target)])
    html = html_of(message(update, _other(update)))
    links = re.findall(r'href="([^"]+)"', html)
    assert {link.partition("?")[0] for link in links if "/petitions/" not in link} == {
        f"http://other.example/below/{page.slug}/",
        f"http://other.example/below/{page.slug}/{update.slug}/",
        "http://other.example/x",
    }
    personal = [link for link in links if "/petitions/" in link]
    assert all(link.startswith("http://other.example/below/petitions/") for link in personal)


def test_in_the_language_of_the_update(translated, message, make_update, make_signature):
    update = make_update(translated, title="La ministra")
    html = html_of(message(update, make_signature(translated)))
    assert '<html lang="it" dir="ltr">' in html
    assert "Vedi o modifica la mia firma" in html


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


# Hostile content


HOSTILE = [
    "<script>alert(1)</script>",
    "<p onclick=alert(1)>x</p>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVa\tScRiPt:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:alert(1)">x</a>',
    "<iframe src=https://evil.example></iframe>",
    "<svg onload=alert(1)><a href=javascript:alert(1)>x</a></svg>",
    "<style>body{background:url(https://evil.example)}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    '<p style="background:url(https://evil.example)">x</p>',
    '<form action="https://evil.example"><input name=x></form>',
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "<base href=https://evil.example>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    '<object data="x"></object><embed src=x>',
    "</td></tr></table></body><script>alert(1)</script>",
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img srcset="https://evil.example/1.png" src="/a.png">',
]
HARM = re.compile(
    r"alert|evil\.example|javascript|vbscript|data:|<(?:script|iframe|svg|form|object|embed|base)"
    r"|\son\w+=|srcset",
    re.IGNORECASE,
)


class Block:
    """A block of a site's own, whose HTML nobody checked."""

    block_type = "raw"
    block = RawHTMLBlock()

    def __init__(self, html):
        self.html = html

    def render(self, context):
        return mark_safe(self.html)


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_blocks_do_no_harm(html):
    class Update:
        body = [Block(f"<p>Before</p>{html}<p>After</p>")]

    cleaned = body_html(Update, "en", {}, "https://example.org/")
    assert not HARM.search(cleaned), cleaned
    assert not HARM.search(as_text(cleaned)), cleaned
    assert cleaned.startswith("<p>Before</p>")
    assert "<p>After</p>" in cleaned


def test_hostile_text_in_every_field_is_text(page, message, make_update):
    evil = "</style><script>alert(1)</script>{{ x }}"
    page.title = page.organisation = evil[:200]
    page.save_revision().publish()
    blocks = [
        ("heading", evil),
        ("quote", {"text": evil, "author": evil, "source": "javascript:alert(1)"}),
        ("links", {"links": [{"title": evil, "url": "javascript:alert(1)", "description": evil}]}),
        ("action", {"text": evil, "button": evil[:60], "url": "javascript:alert(1)"}),
        ("text", RichText(f'<p>x</p><a href="javascript:alert(1)">y</a>{evil}')),
    ]
    update = make_update(title=evil, introduction=evil, body=blocks)
    sent = message(update)
    html = html_of(sent)
    assert "<script" not in html
    assert "javascript:" not in html
    assert "javascript:" not in sent.body
    assert html.count("</style>") == 1


@pytest.mark.parametrize("address", ["https://[link]", "http://[::1", "//[x]/y"])
def test_what_is_no_address_ends_up_as_text(message, make_update, address):
    text = RichText(f'<p>Read <a href="{address}">this</a>.</p><p>After</p>')
    sent = message(make_update(body=[("text", text)]))
    assert "[" not in html_of(sent).partition("Read")[2].partition("After")[0]
    assert "Read this." in sent.body
    assert "After" in sent.body


def test_a_class_of_a_block_is_no_class_of_ours():
    cleaned = EmailWhitelister().clean('<p class="mail-small evil">x</p><a class="evil">y</a>')
    assert cleaned == '<p class="mail-small">x</p><a>y</a>'


# Plain text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree"),
        ("<ol><li>One</li><li>Two <b>x</b></li></ol>", "1. One\n2. Two x"),
        ("<ul><li>One<ul><li>Below</li></ul></li><li>Two</li></ul>", "- One\n  - Below\n- Two"),
        ('<p>See <a href="https://a.example/">this</a>.</p>', "See this (https://a.example/)."),
        ('<p><a href="https://a.example/">https://a.example/</a></p>', "https://a.example/"),
        ('<p><a href="mailto:a@b.org">Write</a></p>', "Write (a@b.org)"),
        (
            '<p><a class="mail-button" href="https://a.example/">Go</a></p>',
            "Go:\nhttps://a.example/",
        ),
        ("<blockquote><p>One</p><p>Two</p></blockquote>", "> One\n\n> Two"),
        ('<p><img src="/x.png" alt="A  hand"></p>', "[A hand]"),
        ('<p><img src="/x.png" alt=""></p><hr>', ""),
        ("<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"),
        ("loose <p>One</p> text", "loose\n\nOne\n\ntext"),
    ],
)
def test_plain_text(html, text):
    assert as_text(html) == text


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
