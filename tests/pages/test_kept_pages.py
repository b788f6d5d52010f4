"""Processes keep petition pages: every change is seen at once, and a kept page costs no query."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from tests.helpers import path_in
from wagtail_petition.models import Petition, PetitionPage
from wagtail_petition.pages.lookup import find_page_by_id, get_page

pytestmark = pytest.mark.django_db


def found(page):
    """The page as a process finds it that has kept it."""
    petition = Petition.objects.get(key=page.petition_key)
    by_id = find_page_by_id(page.pk, petition)
    of_petition = get_page(petition, page.language)
    assert (by_id and by_id.pk) == (of_petition and of_petition.pk)
    return by_id


@pytest.fixture
def kept(page):
    """A page that this process has kept."""
    assert found(page) == page
    return page


def test_a_kept_page_costs_no_query(kept, django_assert_num_queries):
    petition = Petition.objects.get()
    with django_assert_num_queries(0):
        assert find_page_by_id(kept.pk, petition) == kept
        assert get_page(petition, "en").petition is petition


def test_what_a_request_adds_is_not_kept(kept):
    found(kept).title = "Changed in one request"
    assert found(kept).title == kept.title


def test_publishing(kept):
    kept.title = "Another title"
    kept.save_revision().publish()
    assert found(kept).title == "Another title"


def test_saving_without_a_revision(kept):
    kept.title = "Another title"
    kept.save()
    assert found(kept).title == "Another title"


def test_unpublishing(kept):
    kept.unpublish()
    assert found(kept) is None


def test_expiry(kept):
    PetitionPage.objects.filter(pk=kept.pk).update(expire_at=timezone.now() - timedelta(hours=1))
    call_command("publish_scheduled")
    assert found(kept) is None


def test_deleting(kept):
    petition = Petition.objects.get()
    Page.objects.get(pk=kept.pk).delete()
    petition.refresh_from_db()
    assert get_page(petition, "en") is None


def test_moving(kept, home):
    folder = home.add_child(instance=Page(title="Campaigns", slug="campaigns"))
    kept.refresh_from_db()
    kept.move(folder, pos="last-child")
    assert found(kept).url_path == "/home/campaigns/" + kept.slug + "/"


def test_a_parent_with_another_slug(make_page, home, django_capture_on_commit_callbacks):
    folder = home.add_child(instance=Page(title="Campaigns", slug="campaigns"))
    page = make_page(parent=folder)
    assert "/campaigns/" in found(page).url_path
    folder.refresh_from_db()
    folder.slug = "actions"
    with django_capture_on_commit_callbacks(execute=True):
        folder.save_revision().publish()
    assert "/actions/" in found(page).url_path


def test_a_new_translation(kept, italian):
    translation = kept.copy_for_translation(italian, copy_parents=True)
    petition = Petition.objects.get()
    assert get_page(petition, "it").pk == kept.pk
    translation.save_revision().publish()
    petition.refresh_from_db()
    assert get_page(petition, "it").pk == translation.pk


def test_another_text_is_signed_from_then_on(kept, post):
    post()
    kept.letter = "<p>Another letter</p>"
    kept.save_revision().publish()
    post(email="bruno@example.org")
    texts = [s.signed_text.letter for s in kept.petition.signatures.order_by("pk")]
    assert "Another letter" not in texts[0]
    assert "Another letter" in texts[1]


def test_a_restriction_that_is_set_meanwhile(kept, client, post):
    assert post().status_code == 303
    PageViewRestriction.objects.create(page=kept, restriction_type="login")
    assert post().status_code == 410


def test_new_terms_apply_to_who_confirms(kept, client, post, mailoutbox, clock):
    post()
    link = path_in(mailoutbox[0], "confirm")
    assert client.get(link).status_code == 200
    kept.closes_at = timezone.now() + timedelta(days=1)
    kept.save_revision().publish()
    clock.forward(days=9)
    assert client.get(link).status_code == 410


def test_a_locale_s_changed_language_is_seen_at_once(page):
    def language():
        return PetitionPage.objects.get(pk=page.pk).language

    assert language() == "en"
    page.locale.language_code = "it"
    page.locale.save()
    assert language() == "it"


def test_the_language_of_a_page_is_not_asked_for_again(page, django_assert_num_queries):
    assert PetitionPage.objects.get(pk=page.pk).language == "en"
    again = PetitionPage.objects.get(pk=page.pk)
    with django_assert_num_queries(0):
        assert again.language == "en"
