"""The content of an update's email: pictures and links of every kind, hostile blocks, plain text."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.utils.safestring import mark_safe
from wagtail.blocks import RawHTMLBlock
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site
from wagtail.rich_text import RichText

from tests.mail.messages import html_of, sign_as_other
from wagtail_petition.mail.content import EmailWhitelister, as_text, body_html

pytestmark = pytest.mark.django_db

# Pictures and links


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
    html = html_of(message(update, sign_as_other(update.petition_page)))
    links = re.findall(r'href="([^"]+)"', html)
    assert {link.partition("?")[0] for link in links if "/petitions/" not in link} == {
        f"http://other.example/below/{page.slug}/",
        f"http://other.example/below/{page.slug}/{update.slug}/",
        "http://other.example/x",
    }
    personal = [link for link in links if "/petitions/" in link]
    assert all(link.startswith("http://other.example/below/petitions/") for link in personal)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("known_by", ["setting", "request"])
def test_all_links_in_rich_text_are_absolute(
    home, page, make_page, make_update, message, settings, tmp_path, known_by
):
    """Also on a second site, and below a path that only the last request to sign has told."""
    settings.MEDIA_ROOT = tmp_path
    root = home.get_parent().add_child(instance=type(home)(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", port=443, root_page=root)
    below = make_page(parent=root)
    signature = sign_as_other(below)
    if known_by == "setting":
        settings.FORCE_SCRIPT_NAME = "/org"
    else:
        signature.petition.script_name = "/org"
    image = get_image_model().objects.create(title="A hand", file=get_test_image_file())
    paper = get_document_model().objects.create(title="Paper", file=ContentFile(b"x", "paper.txt"))
    links = [
        f'<a linktype="page" id="{below.pk}">here</a>',
        f'<a linktype="page" id="{page.pk}">elsewhere</a>',
        f'<a linktype="document" id="{paper.pk}">on paper</a>',
        '<a linktype="page" id="999999">deleted</a>',
        '<a linktype="document" id="999999">deleted too</a>',
        '<a href="mailto:help@example.org">write</a>',
        '<a href="#part">below</a>',
        '<a href="//a.example/x">outside</a>',
    ]
    text = f'<p>{" ".join(links)}</p><embed embedtype="image" id="{image.pk}" alt="A hand" '
    text += 'format="fullwidth"/><embed embedtype="image" id="999999" alt="" format="left"/>'
    sent = message(make_update(below, body=[("text", RichText(text))]), signature)
    soup = BeautifulSoup(html_of(sent), "html.parser")
    found = {link.text: link.get("href") for link in soup.find_all("a")}
    assert found["here"] == f"https://other.example/org/{below.slug}/"
    assert found["elsewhere"] == f"http://localhost/org/{page.slug}/"
    assert found["on paper"] == f"https://other.example/org{paper_path(paper)}"
    assert found["deleted"] is found["deleted too"] is None
    assert found["write"] == "mailto:help@example.org"
    assert found["below"] == f"https://other.example/org/{below.slug}/#part"
    assert found["outside"] == "https://a.example/x"
    picture, *broken = soup.find_all("img")
    assert picture["src"].startswith("https://other.example/media/images/")
    assert picture["alt"] == "A hand"
    assert all(each.get("src", "https://").startswith("https://") for each in broken)
    assert f"on paper ({found['on paper']})" in sent.body


def paper_path(paper):
    return f"/documents/{paper.pk}/{paper.filename}"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_picture_in_rich_text_is_no_wider_than_the_email(
    message, make_update, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    file = get_test_image_file(size=(2000, 1000))
    image = get_image_model().objects.create(title="A hand", file=file)
    text = f'<embed embedtype="image" id="{image.pk}" alt="" format="fullwidth"/>'
    sent = message(make_update(body=[("text", RichText(text))]))
    picture = BeautifulSoup(html_of(sent), "html.parser").img
    assert (picture["width"], picture.get("height")) == ("560", None)


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
# In rich text, whose links and pictures Wagtail makes itself.
HOSTILE_RICH_TEXT = [
    '<a linktype="page" id="1" onclick="alert(1)">x</a>',
    '<a linktype="evil" href="javascript:alert(1)">x</a>',
    '<embed embedtype="image" id="1" alt="&quot; onerror=&quot;alert(1)" format="left"/>',
    '<embed embedtype="media" url="javascript:alert(1)"/>',
    '<embed embedtype="evil" src="https://evil.example"/>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
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


@pytest.mark.parametrize("html", HOSTILE + HOSTILE_RICH_TEXT)
def test_hostile_rich_text_does_no_harm(message, make_update, html):
    sent = message(make_update(body=[("text", RichText(f"<p>Before</p>{html}<p>After</p>"))]))
    body = html_of(sent).partition("<p")[2].partition("mail-foot")[0]
    assert not HARM.search(body), body
    assert not HARM.search(sent.body), sent.body
    assert "Before" in body
    assert "After" in body


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
