"""A petition on other pages of the site."""

import pytest
from django.utils import translation

from tests.testapp.models import CampaignPage
from wagtail_petition.blocks import PetitionTeaserBlock
from wagtail_petition.models import PetitionPage


@pytest.fixture
def render(rf):
    """The HTML of a teaser for ``page``."""

    def html(page):
        block = PetitionTeaserBlock()
        return block.render(block.to_python({"page": page.pk}), {"request": rf.get("/")}).strip()

    return html


def test_title_count_progress_and_button(page, render, make_signature):
    make_signature()
    html = render(page)
    assert page.title in html
    assert f'href="{page.url}"' in html
    assert "<strong>1</strong> person has signed." in html
    assert '<progress value="1" max="100"' in html
    assert "Sign this petition" in html


def test_it_follows_the_readers_language(page, translated, render):
    with translation.override("it"):
        html = render(page)
    assert f'href="{translated.url}"' in html
    assert '<section class="petition petition-teaser" lang="it" dir="ltr">' in html


def test_in_a_language_without_a_page_it_says_which_it_is_in(page, render):
    with translation.override("ar"):
        html = render(page)
    assert 'lang="en" dir="ltr"' in html
    assert "Sign this petition" in html


def test_nothing_while_the_petition_is_not_online(page, render):
    page.unpublish()
    assert render(page) == ""


def test_nothing_in_a_draft_without_a_choice(db):
    block = PetitionTeaserBlock()
    assert block.render(block.to_python({"page": None})).strip() == ""


def test_a_closed_petition_asks_for_nothing(make_page, render, clock):
    page = make_page(closes_at="2020-01-01T00:00Z")
    html = render(page)
    assert "Sign this petition" not in html
    assert "See what happened to the petition" in html


def test_a_page_type_of_the_sites_own_can_be_chosen(make_page, render):
    chooser = PetitionTeaserBlock().child_blocks["page"]
    assert set(chooser.target_models) == {PetitionPage, CampaignPage}
    assert "Sign this petition" in render(make_page(model=CampaignPage, title="Ours"))


def test_migrations_name_no_page_type():
    path, _args, kwargs = PetitionTeaserBlock().child_blocks["page"].deconstruct()
    assert path == "wagtail.blocks.PageChooserBlock"
    assert "page_type" not in kwargs
