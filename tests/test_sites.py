"""Sites of every kind: on each, from the form to the delivery, all that people see and follow works."""

import re

import pytest
from django.urls import reverse, set_script_prefix
from django.utils import timezone, translation
from wagtail.models import Page, Site

from tests.admin.people import make_user
from tests.conftest import RequestCommits
from tests.helpers import at_once
from wagtail_petition import addresses
from wagtail_petition.delivery import build
from wagtail_petition.mail import sender
from wagtail_petition.models import Delivery, OutgoingEmail, PetitionPage, Signature
from wagtail_petition.pages.checklist import checklist
from wagtail_petition.public.embed import embed_code
from wagtail_petition.public.share import share_links

pytestmark = pytest.mark.django_db


class Visitor(RequestCommits):
    """A browser that follows whole addresses, as people do from an email; ``path`` is SCRIPT_NAME."""

    def __init__(self, path="", **defaults):
        super().__init__(**defaults)
        self.path = path

    def request(self, **environ):
        # As a web server does: it takes the path off and names it.
        assert environ["PATH_INFO"].startswith(self.path), environ["PATH_INFO"]
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(self.path)
        environ["SCRIPT_NAME"] = self.path
        set_script_prefix(self.path or "/")
        try:
            return super().request(**environ)
        finally:
            set_script_prefix("/")


@pytest.fixture
def walk(form_data, mailoutbox, settings, tmp_path):
    """From the form to the delivery on a site. Returns the addresses in the receipt."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "BACKGROUND": "worker"}

    def links_of(mail):
        found = re.findall(r"https?://\S+", mail.body)
        assert "None" not in mail.body
        assert len(found) >= 2, mail.body
        return found

    def walk(page, visitor=None, host="http://localhost", in_thread=False):
        visitor = visitor or Visitor()
        sign_url = f"{visitor.path}{reverse('wagtail_petition:sign', args=[page.pk])}"
        origin = {"Origin": "http://testserver"}
        sent = visitor.post(sign_url, form_data(show_name="on"), headers=origin)
        assert sent.status_code == 303, sent.text
        assert "Check your inbox" in visitor.get(sent["Location"]).text

        drain(in_thread)
        confirm = next(link for link in links_of(mailoutbox[0]) if "/confirm/" in link)
        assert confirm.startswith(f"{host}{visitor.path}/petitions/")
        shown = visitor.get(confirm.removeprefix(host))
        assert "Confirm your signature" in shown.text
        thanks = visitor.get(visitor.post(confirm.removeprefix(host))["Location"])
        assert "You are number" in thanks.text
        drain(in_thread)
        receipt = links_of(mailoutbox[1])
        manage = next(link for link in receipt if "/signature/" in link)
        assert "Read what you signed" in visitor.get(manage.removeprefix(host)).text

        for name in ("signatures", "paper", "embed", "count"):
            path = reverse(f"wagtail_petition:{name}", args=[page.petition_key])
            response = visitor.get(visitor.path + path)
            assert response.status_code == 200
            assert "None" not in response.text
        for response in (shown, thanks):
            assert "None" not in response.text

        visitor.force_login(make_user("anybody", superuser=True))
        listed = visitor.get(visitor.path + reverse("petition_signatures:index") + "?status=")
        assert "Moretti" in listed.text
        edited = visitor.get(visitor.path + reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert edited.status_code == 200
        assert "src=&quot;None" not in edited.text
        assert 'href="None' not in edited.text
        delivered = Delivery.objects.create(
            petition=Signature.objects.get().petition,
            last_number=1,
            recipient="Jane Doe",
            language=page.language,
            columns=["number", "given_name", "family_name", "confirmed_at"],
            formats=["csv", "pdf"],
        )
        build.build_queued()
        delivered.refresh_from_db()
        assert delivered.state == Delivery.State.READY, delivered.error
        detail = visitor.get(
            visitor.path + reverse("petition_deliveries:detail", args=[delivered.pk])
        )
        assert detail.status_code == 200
        return receipt

    return walk


def drain(in_thread):
    """Send queued emails: here, or in a thread without any state from requests."""
    if in_thread:
        (sent,) = at_once(1, lambda _: sender.drain())
        assert sent == 1, (timezone.now(), list(OutgoingEmail.objects.values()))
    else:
        sender.drain()


@pytest.mark.django_db(transaction=True)
def test_below_a_path(walk, page, settings):
    settings.FORCE_SCRIPT_NAME = "/org"
    receipt = walk(page, Visitor("/org"), in_thread=True)
    assert f"http://localhost/org{page.url}" in receipt


@pytest.mark.django_db(transaction=True)
def test_below_a_path_that_only_the_server_knows(walk, page):
    receipt = walk(page, Visitor("/org"), in_thread=True)
    assert f"http://localhost/org{page.url}" in receipt


def test_two_sites(walk, make_page, home):
    root = Page.get_first_root_node()
    other = root.add_child(instance=Page(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", port=443, root_page=other)
    page = make_page(parent=other, slug="families")
    receipt = walk(page, host="https://other.example")
    assert "https://other.example/families/" in receipt


def test_page_outside_of_any_site(walk, make_page, home):
    page = make_page(parent=Page.get_first_root_node())
    receipt = walk(page)
    # What can be followed is the form alone, which holds the letter too.
    assert f"http://localhost/petitions/{page.petition_key}/embed/?language=en" in receipt
    assert f"/petitions/{page.petition_key}/embed/" in share_links(page)[1].url.replace("%2F", "/")


def test_no_site_at_all(walk, page):
    Site.objects.all().delete()
    assert "/embed/" in " ".join(walk(page))


def test_without_any_address_emails_wait_and_say_why(page, make_signature, settings, mailoutbox):
    make_signature(confirm=False)
    Site.objects.all().delete()
    settings.WAGTAILADMIN_BASE_URL = None
    assert sender.drain() == 0
    queued = Signature.objects.get().emails.get(kind="confirm")
    assert queued.state == queued.State.DUE
    assert "BASE_URL" in queued.last_error


def test_the_checklist_says_what_is_missing(page, make_page, home, settings):
    def said(of):
        return " ".join(check.text for check in checklist(of))

    assert "has no address" not in said(page)
    assert "has no address" in said(make_page(parent=Page.get_first_root_node()))
    Site.objects.all().delete()
    settings.WAGTAILADMIN_BASE_URL = None
    assert "Settings › Sites" in said(PetitionPage.objects.get(pk=page.pk))


def test_wagtail_serves_no_pages(walk, page, settings):
    settings.ROOT_URLCONF = "tests.headless_urls"
    receipt = walk(page)
    assert f"http://localhost/petitions/{page.petition_key}/embed/?language=en" in receipt


def front_end(page):
    """Where the front end of a test shows a page."""
    return f"https://www.example.org/p/{page.slug}"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("https://www.example.org/{language}{path}", "https://www.example.org/en/families/"),
        ("https://www.example.org/{slug}?k={key}", "https://www.example.org/families?k=KEY"),
        ("tests.test_sites.front_end", "https://www.example.org/p/families"),
    ],
)
def test_another_program_shows_the_pages(walk, make_page, settings, where, expected):
    settings.ROOT_URLCONF = "tests.headless_urls"
    settings.WAGTAIL_PETITION = {
        **settings.WAGTAIL_PETITION,
        "BASE_URL": "https://api.example.org",
        "PAGE_URL": where,
    }
    page = make_page(slug="families")
    expected = expected.replace("KEY", str(page.translation_key))
    receipt = walk(page, host="https://api.example.org")
    assert expected in receipt
    assert page.get_sitemap_urls()[0]["alternates"] == [{"location": expected, "lang_code": "en"}]
    assert "https://api.example.org/petitions/" in embed_code(page)
    shown = Visitor().get(reverse("wagtail_petition:signatures", args=[page.petition_key]))
    assert f'href="{expected}"' in shown.text


@pytest.fixture
def _without_time_zones(db, settings):
    settings.USE_TZ = False


@pytest.mark.usefixtures("_without_time_zones")
def test_without_time_zones(walk, make_page, clock):
    page = make_page()
    walk(page)
    for days in (1, 3, 40):
        clock.forward(days=days)
        assert Visitor().get(page.url).status_code == 200


@pytest.fixture
def _without_translations(settings):
    settings.USE_I18N = False
    settings.WAGTAIL_I18N_ENABLED = False
    settings.ROOT_URLCONF = "tests.plain_urls"
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "locale" not in m.lower()]
    # Django chooses its functions once.
    vars(translation._trans).clear()
    yield
    settings.USE_I18N = True
    vars(translation._trans).clear()


@pytest.mark.usefixtures("_without_translations")
def test_without_translations(walk, make_page):
    page = make_page()
    walk(page)
    assert Visitor().get(page.url).status_code == 200


def test_with_separators_between_thousands(walk, page, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    walk(page)


def test_behind_a_unix_socket(walk, page):
    walk(page, Visitor(REMOTE_ADDR=""))


@pytest.mark.usefixtures("behind_wagtail_cache")
def test_behind_wagtail_cache(walk, page):
    walk(page)
    visits = [Visitor().get(page.url)["X-Wagtail-Cache"] for _visit in range(2)]
    assert visits == ["miss", "hit"]


# Addresses, where they are made


def test_a_thread_knows_the_path(page, settings):
    settings.FORCE_SCRIPT_NAME = "/org/"

    def make(_position):
        return [
            addresses.step_url(page, "confirm", "x"),
            addresses.page_url(page),
            addresses.admin_url("petition_signatures:index"),
        ]

    # What needs the database, which no other thread sees within a test's transaction.
    page.get_site(), page.url
    (made,) = at_once(1, make)
    assert made == [
        "http://localhost/org/petitions/confirm/x/",
        f"http://localhost/org{page.url}",
        "http://localhost/org/admin/petition_signatures/",
    ]


def test_what_a_thread_had_before_stays(page):
    set_script_prefix("/other/")
    try:
        with addresses.script_name("/org"):
            assert reverse("wagtail_petition:challenge").startswith("/org/")
        assert reverse("wagtail_petition:challenge").startswith("/other/")
    finally:
        set_script_prefix("/")
