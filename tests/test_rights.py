"""Access to a petition at every public URL, in every state of its page.

The addresses are found by walking the URL patterns: a new one that the tables here don't name
fails ``test_every_address_is_here``. The admin's are in ``tests/admin/test_permissions.py``.
"""

from datetime import timedelta
from typing import NamedTuple

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests.admin.people import make_user
from tests.admin.test_permissions import EXPORTER, MANAGER
from tests.conftest import LETTER, RequestCommits
from wagtail_petition import ledger, urls
from wagtail_petition.blocks import PetitionTeaserBlock
from wagtail_petition.delivery import outcomes, recipient_links
from wagtail_petition.identity.sealing import seal
from wagtail_petition.ledger import tokens
from wagtail_petition.models import Delivery, PetitionPage, Signature, Token
from wagtail_petition.signing.views.confirm import signed_url
from wagtail_petition.signing.views.sent import SENT_SALT

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.public.api_urls")]


# Who is asking, and who of them may see the page in which state.

LOGGED_IN = {
    *("logged in", "member of the group", "editor", "editor of another", "translator"),
    *("manager", "superuser"),
}
EVERYBODY = {"anonymous", "knows the password", *LOGGED_IN}
SEEN_BY = {
    "live": EVERYBODY,
    "for people logged in": LOGGED_IN,
    "for people with the password": {"knows the password"},
    "for a group": {"member of the group", "superuser"},
    "below a page for people logged in": LOGGED_IN,
    "draft": set(),
    "scheduled": set(),
    "unpublished": set(),
    "expired": set(),
    "deleted": set(),
}


# What is answered.


class Guessable(NamedTuple):
    """A URL that can be guessed: the responses with and without access to the page."""

    args: tuple
    shown: int
    hidden: int


GUESSABLE = {
    "sign": Guessable(("page",), 303, 410),
    "embed_sign": Guessable(("page",), 303, 410),
    "signed": Guessable(("page", "number"), 303, 410),
    "count": Guessable(("key",), 200, 404),
    "signatures": Guessable(("key",), 200, 404),
    "updates": Guessable(("key",), 200, 404),
    "updates_feed": Guessable(("key",), 200, 404),
    "proof": Guessable(("key",), 200, 404),
    "paper": Guessable(("key",), 200, 404),
    "lost_link": Guessable(("key",), 200, 404),
    "card": Guessable(("key",), 200, 404),
    "embed": Guessable(("key",), 200, 404),
    "outcome_document": Guessable(("key", "outcome"), 200, 404),
}
# An address that was made for one person: the answers while a page is online, and after that. Who
# may see that page makes no difference. A wrong one is a dead link: 404.
PERSONAL = {
    "sent": (200, 410),
    "embed_sent": (200, 410),
    "confirm": (200, 410),
    "signature": (200, 200),
    "receipt": (200, 200),
    "unsubscribe": (200, 200),
    "recipient": (200, 200),
}
# The same for everybody, and about no petition.
GENERAL = {"challenge", "regions", "verifier"}


def test_every_address_is_here():
    assert {pattern.name for pattern in urls.urlpatterns} == {*GUESSABLE, *PERSONAL, *GENERAL}


SECRETS = ["Alpha", "alpha-slug", "Secreta", "secreta@", "4,815,163", "4815163"]


def leaks(response, *more):
    """The petition's secrets in a response."""
    content = b"".join(response) if response.streaming else response.content
    text = content.decode(errors="replace") + str(response.headers)
    return [secret for secret in [*SECRETS, *more] if secret in text]


class Petition(NamedTuple):
    page: PetitionPage
    values: dict
    password: PageViewRestriction | None
    signature: Signature


@pytest.fixture(params=SEEN_BY)
def state(request):
    return request.param


@pytest.fixture
def section(home):
    return home.add_child(instance=type(home)(title="Section", slug="section"))


def add_outcome(petition):
    """A public outcome with a document."""
    delivery = Delivery.objects.create(
        petition=petition, state="delivered", last_number=1, recipient="Jane", is_public=False
    )
    letter = SimpleUploadedFile("alpha-slug.txt", b"Alpha")
    return outcomes.add(
        delivery, user=None, kind="done", day=timezone.localdate(), texts={}, document=letter,
        is_public=True,
    )  # fmt: skip


@pytest.fixture
def petition(state, section, make_page, make_update, make_signature, settings, tmp_path):
    """A petition with a public name, an update and an outcome, whose page is in ``state``."""
    settings.MEDIA_ROOT = tmp_path / "media"
    fields = {"title": "Alpha", "slug": "alpha-slug", "parent": section}
    if state == "scheduled":
        fields["go_live_at"] = timezone.now() + timedelta(days=1)
    page = make_page(publish=state not in ("draft",), **fields)
    signature = make_signature(
        page, given_name="Secreta", email="secreta@example.org", show_name=True
    )
    ledger.set_offline_count(signature.petition, 4815162)
    make_update(page, title="Alpha news")
    values = {"page": page.pk, "key": page.petition_key, "number": "1"}
    values["outcome"] = add_outcome(signature.petition).pk
    password = restrict(state, page, section)
    if state == "unpublished":
        page.unpublish()
    elif state == "expired":
        PetitionPage.objects.filter(pk=page.pk).update(expire_at=timezone.now())
        call_command("publish_scheduled")
    elif state == "deleted":
        type(page).objects.get(pk=page.pk).delete()
    return Petition(page, values, password, signature)


def restrict(state, page, section):
    """Show the page to some people only. Returns the restriction with a password, if it is that."""
    restrictions = PageViewRestriction.objects
    if state == "for people logged in":
        restrictions.create(page=page, restriction_type="login")
    elif state == "below a page for people logged in":
        restrictions.create(page=section, restriction_type="login")
    elif state == "for a group":
        members = Group.objects.create(name="members")
        restrictions.create(page=page, restriction_type="groups").groups.add(members)
    elif state == "for people with the password":
        return restrictions.create(page=page, restriction_type="password", password="open")
    return None


@pytest.fixture
def people(petition, home, make_page, italian):
    """A browser for each of ``EVERYBODY``."""
    own = [petition.page] if PetitionPage.objects.filter(pk=petition.page.pk).exists() else []
    everything = MANAGER | EXPORTER
    users = {
        "logged in": make_user("logged in"),
        "member of the group": make_user("member"),
        "editor": make_user("editor", pages=own),
        "editor of another": make_user("other", *everything, pages=[make_page(title="Other")]),
        "translator": make_user(
            "translator",
            *(*everything, "submit_translation"),
            pages=[home.copy_for_translation(italian)],
        ),
        "manager": make_user("manager", *everything, pages=own),
        "superuser": make_user("superuser", superuser=True),
    }
    users["member of the group"].groups.add(*Group.objects.filter(name="members"))
    browsers = {who: RequestCommits() for who in EVERYBODY}
    for who, user in users.items():
        browsers[who].force_login(user)
    if petition.password:
        browsers["knows the password"].post(
            reverse(
                "wagtailcore_authenticate_with_password",
                args=[petition.password.pk, petition.page.pk],
            ),
            {"password": "open", "return_url": "/"},
        )
    return browsers


def test_who_may_see_the_page_may_see_what_is_made_of_it(state, petition, people, form_data):
    page_url, key = petition.page.url, str(petition.page.petition_key)
    wrong = []
    for who, browser in people.items():
        seen = who in SEEN_BY[state]
        # The table says what Wagtail does with the page itself. It asks for a password with 200.
        if (LETTER in browser.get(page_url).text) is not seen:
            wrong.append((who, "the page itself"))
        api = browser.get(f"/api/v2/pages/{petition.page.pk}/", {"format": "json"})
        if (api.status_code == 200) is not seen:
            wrong.append((who, "API", api.status_code))
        for name, address in GUESSABLE.items():
            url = reverse(
                f"wagtail_petition:{name}", args=[petition.values[arg] for arg in address.args]
            )
            response = browser.get(url)
            if response.status_code != (address.shown if seen else address.hidden):
                wrong.append((who, name, response.status_code))
            elif not seen and (found := leaks(response, key)):
                wrong.append((who, name, found))
            elif seen and state != "live" and "private" not in response["Cache-Control"]:
                wrong.append((who, name, response["Cache-Control"]))
            if response.streaming:
                b"".join(response)
        if not seen:
            data = form_data(email="new@example.org")
            response = browser.post(
                reverse("wagtail_petition:sign", args=[petition.page.pk]),
                data,
                headers={"Origin": "http://testserver"},
            )
            if response.status_code != 410 or leaks(response, key):
                wrong.append((who, "sign", response.status_code, leaks(response, key)))
    assert not wrong
    assert Signature.objects.get() == petition.signature


def share(signature):
    """The token of a link for the recipient of a delivery with a signature."""
    delivery = Delivery.objects.create(
        petition=signature.petition, state="ready", last_number=1, recipient="Jane", language="en"
    )
    expires_at = timezone.now() + timedelta(days=1)
    return recipient_links.make(delivery, user=None, expires_at=expires_at)[1]


def test_a_link_that_was_made_for_one_person_is_a_right_of_its_own(
    state, petition, client, make_signature
):
    """A valid link shows the person's signature to everybody who has it. An invalid one shows nothing."""
    is_online = bool(SEEN_BY[state])
    purposes = Token.Purpose
    attempt = ledger.sign(
        petition.page, email="secreta@example.com", given_name="Secreta", country="IT"
    )
    values = {
        "sent": seal(attempt.pk, SENT_SALT),
        "embed_sent": seal(attempt.pk, SENT_SALT),
        "confirm": tokens.issue(attempt, purposes.CONFIRM)[purposes.CONFIRM],
        "signature": tokens.issue(petition.signature, purposes.MANAGE)[purposes.MANAGE],
        "receipt": tokens.issue(petition.signature, purposes.MANAGE)[purposes.MANAGE],
        "unsubscribe": tokens.issue(petition.signature, purposes.UNSUBSCRIBE)[purposes.UNSUBSCRIBE],
        "recipient": share(petition.signature),
    }
    wrong = []
    for name, (online, offline) in PERSONAL.items():
        response = client.get(reverse(f"wagtail_petition:{name}", args=[values[name]]))
        if response.status_code != (online if is_online else offline):
            wrong.append((name, response.status_code))
        if "no-store" not in response["Cache-Control"]:
            wrong.append((name, response["Cache-Control"]))
        guessed = client.get(reverse(f"wagtail_petition:{name}", args=["x" * 43]))
        if guessed.status_code != 404 or leaks(guessed):
            wrong.append((name, "guessed", guessed.status_code, leaks(guessed)))
    thanks = client.get(signed_url(petition.page, 1))
    assert thanks.status_code == (200 if is_online else 410)
    assert is_online or not leaks(thanks)
    assert not wrong


class TestOtherPages:
    """Other pages don't reveal a petition to visitors without access."""

    @pytest.fixture
    def languages_of(self):
        """The languages that a page names, in its switch and in the sitemap."""

        def languages(page):
            fresh = type(page).objects.get(pk=page.pk)
            named = [each.locale.language_code for each in fresh.live_translations]
            (entry,) = fresh.get_sitemap_urls()
            assert [each["lang_code"] for each in entry["alternates"]] == named
            return named

        return languages

    def test_other_languages_do_not_name_it(self, client, page, translated, languages_of):
        assert languages_of(page) == ["en", "it"]
        PageViewRestriction.objects.create(page=translated, restriction_type="login")
        assert languages_of(page) == ["en"]
        assert languages_of(translated) == ["en", "it"]
        response = client.get(page.url)
        assert translated.url not in response.text + response["Link"]

    def test_readers_of_both_find_both(self, page, translated, languages_of):
        for each in (page, translated):
            PageViewRestriction.objects.create(page=each, restriction_type="login")
        assert languages_of(page) == languages_of(translated) == ["en", "it"]

    def test_another_password_is_another(self, page, translated, languages_of):
        for each in (page, translated):
            PageViewRestriction.objects.create(
                page=each, restriction_type="password", password=each.language
            )
        assert languages_of(page) == ["en"]

    def test_the_page_does_not_list_what_some_of_its_readers_may_not_see(
        self, client, page, make_update
    ):
        update = make_update()
        PageViewRestriction.objects.create(page=update, restriction_type="login")
        for name in ("updates", "updates_feed", "embed"):
            response = client.get(reverse(f"wagtail_petition:{name}", args=[page.petition_key]))
            assert update.title not in response.text
        assert update.title not in client.get(page.url).text

    def test_a_teaser_shows_nothing_of_it(self, page, make_page, rf):
        block = PetitionTeaserBlock()
        around = make_page(title="Around")

        def teaser():
            value = block.to_python({"page": page.pk})
            return block.render(value, {"request": rf.get("/"), "page": around})

        assert page.title in teaser()
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert teaser().strip() == ""
        PageViewRestriction.objects.create(page=around, restriction_type="login")
        assert page.title in teaser()
