"""A petition page: its petition, its state, its progress, and how it is found."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.testapp.models import CampaignPage
from wagtail_petition import ledger
from wagtail_petition.models import Petition
from wagtail_petition.models.progress import Progress
from wagtail_petition.models.terms import State
from wagtail_petition.pages.lookup import find_page, find_page_by_id

pytestmark = pytest.mark.django_db


# Its petition


def test_a_published_page_has_a_petition(make_page):
    page = make_page(publish=False)
    assert not Petition.objects.exists()
    assert page.petition.total_count == 0
    page.save_revision().publish()
    assert Petition.objects.get().key == page.translation_key
    assert Petition.objects.get().title == page.title


def test_publishing_again_keeps_the_petition(page):
    page.title = "Another title"
    page.save_revision().publish()
    assert Petition.objects.get().title == "Another title"


def test_translations_share_the_petition(page, translated):
    assert page.petition == translated.petition
    assert Petition.objects.count() == 1


def test_an_alias_shows_the_petition_of_its_original(page, home):
    alias = page.create_alias(parent=home, update_slug="alias")
    assert alias.specific.petition == page.petition


def test_a_copy_is_another_petition(page, make_signature):
    make_signature()
    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=True)
    assert copy.specific.petition != page.petition
    assert copy.specific.petition.total_count == 0


def test_signatures_outlive_the_page(page, make_signature):
    signature = make_signature()
    page.delete()
    signature.refresh_from_db()
    assert signature.petition.signature_count == 1


# Its state


@pytest.mark.parametrize(
    ("opens", "closes", "state", "can_confirm"),
    [
        (None, None, State.OPEN, True),
        (1, None, State.UPCOMING, True),
        (-1, None, State.OPEN, True),
        (None, 1, State.OPEN, True),
        (None, -1, State.CLOSED, True),
        (None, -25, State.CLOSED, False),
        (-2, -1, State.CLOSED, True),
    ],
)
def test_state(make_page, opens, closes, state, can_confirm):
    now = timezone.now()
    page = make_page(
        opens_at=opens and now + timedelta(hours=opens),
        closes_at=closes and now + timedelta(hours=closes),
    )
    assert page.state == state
    assert page.can_confirm() is can_confirm


def test_data_is_erased_so_many_months_after_closing(make_page):
    assert make_page().erased_at is None
    closes = timezone.now()
    page = make_page(closes_at=closes, retention_months=12)
    assert (page.erased_at - closes).days == 365


# Its progress


@pytest.mark.parametrize(
    ("count", "wanted", "goal"),
    [
        (0, None, 100),
        (99, None, 100),
        (100, None, 200),
        (9_999_999, None, 10_000_000),
        (10_000_000, None, 20_000_000),
        (25_000_000, None, 30_000_000),
        (10, 50, 50),
        (50, 50, 100),
        (0, 0, 100),
    ],
)
def test_goal(count, wanted, goal):
    assert Progress(count, wanted).goal == goal


def test_paper_counts_on_the_way_to_the_goal(page):
    ledger.set_offline_count(ledger.ensure_petition(page), 150)
    page = type(page).objects.get(pk=page.pk)
    assert (page.progress.count, page.progress.goal) == (150, 200)


# Whom it addresses


def test_recipients_by_their_role(make_page):
    page = make_page(
        recipients=[
            ("recipient", {"name": "A", "role": "to"}),
            ("recipient", {"name": "B", "role": "cc"}),
            ("recipient", {"name": "C", "role": "to"}),
        ]
    )
    assert [r["name"] for r in page.to] == ["A", "C"]
    assert [r["name"] for r in page.cc] == ["B"]


def test_organisation_or_the_site_s_name(make_page, settings):
    from wagtail.models import Site

    assert make_page(organisation="Citizens").get_organisation() == "Citizens"
    Site.objects.update(site_name="Our site")
    assert make_page().get_organisation() == "Our site"


# How it is found


def test_find_page_in_a_language_or_any(page, translated):
    assert find_page(page.petition_key, "it") == translated
    assert find_page(page.petition_key, "en") == page
    assert find_page(page.petition_key, "ar") == page
    assert find_page(page.petition_key) == page


def test_find_page_is_live_or_none(page, translated):
    page.unpublish()
    assert find_page(page.petition_key, "en") == translated
    translated.unpublish()
    assert find_page(page.petition_key, "en") is None


def test_find_page_of_any_type(make_page, home):
    campaign = make_page(CampaignPage)
    assert find_page(campaign.petition_key) == campaign
    assert find_page_by_id(campaign.pk) == campaign
    assert find_page_by_id(home.pk) is None
    assert find_page_by_id(10**30) is None


@pytest.mark.parametrize("name", ["notify_addresses", "report_addresses"])
def test_what_is_no_address_is_named(page, name):
    setattr(page, name, "maria@example.org\nnobody at all")
    with pytest.raises(ValidationError) as error:
        page.clean()
    assert "“nobody at all” is not an email address." in error.value.message_dict[name]


def test_emails_to_organisers_need_an_address(page):
    page.notify_milestones = True
    with pytest.raises(ValidationError, match="Enter an address here"):
        page.clean()
    page.reply_to = "office@example.org"
    page.clean()


def test_many_addresses_are_a_mailing_list(page):
    page.notify_addresses = ", ".join(f"maria{i}@example.org" for i in range(21))
    with pytest.raises(ValidationError, match="at most 20 addresses"):
        page.clean()
