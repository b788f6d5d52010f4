"""What the editor shows beside the fields of a petition page."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_petition.blocks.timeline import TimelineBlock
from wagtail_petition.models import PetitionPage
from wagtail_petition.pages.panels import bind_tabs

EMPTY = '<p data-block-key="a1b2c"></p>'


@pytest.fixture
def edit(admin_client):
    """The HTML of a page's editor."""

    def edit(page, client=admin_client):
        response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert response.status_code == 200
        return response.content.decode()

    return edit


def test_what_a_blank_field_shows_is_said_in_the_page_s_language(edit, translated):
    html = edit(translated)
    assert "While this is blank, people read:" in html
    assert '<div lang="it" dir="auto">' in html
    assert translated.get_share_text() in html
    assert "La tua firma conta." in html


def test_a_tab_has_the_same_address_in_every_language():
    # A process keeps its editor, so the first user's language must not count.
    with translation.override("it"):
        editor = bind_tabs(PetitionPage, (PetitionPage.after_signing_panels, _("After signing")))
        assert editor.child_identifiers == ["after_signing"]
        assert editor.children[0].heading == "Dopo la firma"


def test_nothing_is_said_below_a_field_that_is_filled_in(edit, make_page):
    page = make_page(
        consent_text="<p>I agree.</p>",
        paper_consent_text="<p>I agree on paper.</p>",
        thanks_text="<p>Thanks.</p>",
        share_text="Sign!",
        organisation="Citizens Abroad",
        sender_name="Citizens",
    )
    assert "While this is blank" not in edit(page)


def test_what_is_shown_is_text(edit, make_page):
    html = edit(make_page(title="Stop <script>alert(1)</script>"))
    assert "<script>alert(1)" not in html


@pytest.mark.parametrize("nothing", ["", EMPTY, "<p>&nbsp;</p>"])
def test_an_editor_who_deletes_a_text_gets_the_standard_one(make_page, nothing):
    """Wagtail's editor of rich text leaves an empty paragraph behind."""
    page = make_page(consent_text=nothing, thanks_text=nothing)
    assert "collect my signature" in page.get_consent_text()
    assert "Ask two friends" in page.get_thanks_text()


def test_editors_who_see_no_signatures_get_the_embed_code(client, page, edit, django_user_model):
    call_command("create_petition_groups", verbosity=0, page=[Site.objects.get().root_page_id])
    user = django_user_model.objects.create_user("editor", password="x")
    user.groups.add(Group.objects.get(name="Petition editors"))
    client.force_login(user)
    html = edit(page, client)
    assert "petition-embed-code" in html
    assert reverse("wagtail_petition:paper", args=[page.petition_key]) in html


def test_a_page_that_is_not_online_has_no_embed_code(make_page, edit):
    assert "petition-embed-code" not in edit(make_page(publish=False))


def test_a_timeline_knows_its_heading_in_every_language(db):
    from wagtail.admin.telepath import JSContext

    packed = str(JSContext().pack(TimelineBlock()))
    assert "What happened" in packed
    assert "Cosa è successo" in packed
