"""Updates: pages below a petition's page, and where they are listed."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from tests.testapp.models import CampaignPage, CampaignUpdatePage
from wagtail_petition.models import PetitionPage, PetitionUpdatePage

pytestmark = pytest.mark.django_db

TITLE = "The minister has answered"


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def titles(page):
    return [update.title for update in fresh(page).updates]


# Where it may be


def test_it_is_created_below_petition_pages_of_any_type_only(page, make_page, home):
    campaign = make_page(CampaignPage)
    for model in (PetitionUpdatePage, CampaignUpdatePage):
        assert model.can_create_at(page)
        assert model.can_create_at(campaign)
        assert not model.can_create_at(home)


def test_nothing_is_created_below_it(make_update):
    update = make_update()
    assert not any(m.can_create_at(update) for m in (PetitionUpdatePage, PetitionPage, Page))


def test_an_editor_creates_it_in_the_admin(admin_client, page):
    url = reverse(
        "wagtailadmin_pages:add", args=["wagtail_petition", "petitionupdatepage", page.pk]
    )
    html = admin_client.get(url).text
    for field in ("title", "date", "introduction", "image", "in_timeline"):
        assert f'name="{field}"' in html
    data = {
        "title": TITLE,
        "slug": "answered",
        "date": "2026-05-01",
        "introduction": "At last.",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "heading",
        "body-0-value": "What she said",
        "action-publish": "1",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    assert admin_client.post(url, data).status_code == 302
    assert titles(page) == [TITLE]


# What it shows


def test_its_page(client, page, make_update):
    update = make_update(
        date=date(2026, 5, 1),
        introduction="At last.",
        body=[
            ("heading", "What she said"),
            ("action", {"text": "", "button": ""}),
            ("action", {"url": "https://example.org/", "button": "Elsewhere"}),
        ],
    )
    html = client.get(update.url).text
    assert f"<h1>{TITLE}</h1>" in html
    assert '<time class="petition-date" datetime="2026-05-01">May 1, 2026</time>' in html
    for text in ("At last.", "What she said", page.title, "A bare site"):
        assert text in html
    # Both buttons, and that of the card beside the text.
    links = re.findall(r'class="petition-button" href="([^"]+)"', html)
    assert links == [
        f"{page.url}#petition-form",
        "https://example.org/",
        f"{page.url}#petition-form",
    ]


def test_who_comes_with_a_source_signs_with_it(client, make_update):
    html = client.get(make_update().url, {"source": 'update-3"&x'}).text
    assert "?source=update-3%22%26x#petition-form" in html


def test_it_asks_nobody_to_sign_a_petition_that_has_closed(client, make_page, make_update, clock):
    page = make_page(closes_at=clock.now())
    html = client.get(make_update(page).url).text
    assert "#petition-form" not in html
    assert "See what happened to the petition" in html


def test_it_stays_when_the_petition_is_not_online(client, page, make_update):
    update = make_update()
    page.unpublish()
    html = client.get(update.url).text
    assert TITLE in html
    assert page.title not in html


def test_a_draft_with_nothing_in_it_can_be_previewed(page):
    blocks = [{"type": name, "value": None} for name in ("heading", "text")]
    blocks += [{"type": name, "value": {}} for name in ("quote", "image", "video", "action")]
    blocks += [{"type": "links", "value": {"heading": "", "links": [{}]}}]
    update = PetitionUpdatePage(title="Only a title", slug="x", date=None, body=json.dumps(blocks))
    page.add_child(instance=PetitionUpdatePage(title="x", slug="y", body=[]))
    update.path = page.get_children().get().path
    for mode, _label in update.preview_modes:
        response = update.make_preview_request(preview_mode=mode)
        response.render()
        assert "Only a title" in response.content.decode()


def test_a_site_s_own_type(client, page, make_update):
    update = make_update(model=CampaignUpdatePage, strapline="Now!")
    assert TITLE in client.get(update.url).text
    fields = {
        name
        for tab in CampaignUpdatePage.get_edit_handler().children
        for name in tab.get_form_options().get("fields", [])
    }
    assert {"strapline", "date", "body", "in_timeline"} <= fields
    assert titles(page) == [TITLE]


# On the petition's page


def test_the_newest_three_are_listed(client, page, make_update):
    assert "petition-updates" not in client.get(page.url).text
    days = [3, 1, 4, 2]
    for day in days:
        make_update(title=f"Day {day}", date=date(2026, 5, day), introduction=f"It is {day}")
    assert titles(page) == ["Day 4", "Day 3", "Day 2", "Day 1"]
    html = client.get(page.url).text
    assert re.findall(r">(Day \d)<", html) == ["Day 4", "Day 3", "Day 2"]
    assert "It is 4" in html
    assert f"{reverse('wagtail_petition:updates', args=[page.petition_key])}?language=en" in html


class TestWhatChangesIsSeenAtOnce:
    """The petition's page is cached for a minute, but its updates are shown at once."""

    @pytest.fixture
    def seen(self, client, page):
        def seen():
            return TITLE in client.get(page.url).text

        assert not seen()
        return seen

    def test_published_and_unpublished(self, seen, page, make_update):
        update = make_update(publish=False)
        assert not seen()
        update.save_revision().publish()
        assert seen()
        # As the admin does, with an instance of the base page.
        Page.objects.get(pk=update.pk).unpublish()
        assert not seen()

    def test_deleted(self, seen, make_update):
        update = make_update()
        assert seen()
        Page.objects.get(pk=update.pk).delete()
        assert not seen()

    def test_moved(self, seen, client, make_page, make_update):
        other = make_page(title="Another")
        assert TITLE not in client.get(other.url).text
        update = make_update()
        assert seen()
        Page.objects.get(pk=update.pk).move(other, "last-child")
        assert not seen()
        assert TITLE in client.get(other.url).text

    def test_deleting_the_petition_s_page_takes_them_along(self, page, make_update):
        make_update()
        page.delete()
        assert not PetitionUpdatePage.objects.exists()


def test_a_draft_of_a_change_is_not_shown(client, page, make_update):
    update = make_update()
    update.title = "A draft"
    version = fresh(page).petition.public_version
    update.save_revision()
    assert titles(page) == [TITLE]
    assert fresh(page).petition.public_version == version


def test_in_the_timeline(client, make_page, make_update):
    events = [
        {"date": date(2018, month, 1), "precision": "month", "title": f"Event {month}"}
        for month in (1, 3)
    ]
    page = make_page(
        body=[
            ("timeline", {"heading": name, "order": "oldest", "events": events})
            for name in ("First", "Last")
        ]
    )
    make_update(page, title="Not in it", date=date(2018, 1, 2))
    update = make_update(page, title="February", date=date(2018, 2, 1), in_timeline=True)
    first, last = re.findall(r'<ol class="petition-events">(.*?)</ol>', _html(client, page), re.S)
    assert re.findall(r"<strong>(.*?)</strong>", first) == ["Event 1", "Event 3"]
    assert re.findall(r"<strong>(.*?)</strong>", last) == [
        "Event 1",
        f'<a href="{update.url}">February</a>',
        "Event 3",
    ]


def _html(client, page):
    return client.get(page.url).text


def test_a_list_takes_the_same_queries_however_many_there_are(page, make_update):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert fresh(page).updates
        return len(queries)

    make_update()
    PageViewRestriction.objects.create(page=make_update(), restriction_type="login")
    before = count()
    for _number in range(5):
        make_update()
    assert count() == before


# In several languages


@pytest.fixture
def in_italian(translated, italian):
    """Translate an update, and publish it."""

    def translate(update, **fields):
        made = update.copy_for_translation(italian)
        for name, value in fields.items():
            setattr(made, name, value)
        made.save_revision().publish()
        return fresh(made)

    return translate


def test_each_language_lists_its_own_and_those_that_are_not_translated(
    client, page, translated, make_update, in_italian
):
    update = make_update(date=date(2026, 5, 1))
    make_update(title="Only in English", date=date(2026, 5, 2))
    in_italian(update, title="La ministra ha risposto")
    assert titles(page) == ["Only in English", TITLE]
    assert titles(translated) == ["Only in English", "La ministra ha risposto"]
    html = client.get(translated.url).text
    assert '<li lang="en" dir="auto">' in html
    assert "2 maggio 2026 · English" in re.sub(r"Maggio", "maggio", html)
    make_update(translated, title="Solo in italiano", date=date(2026, 5, 3))
    assert titles(page)[0] == "Solo in italiano"


def test_its_page_names_its_other_languages(client, make_update, in_italian):
    update = make_update()
    italian = in_italian(update)
    links = client.get(italian.url)["Link"]
    assert f'<{italian.full_url}>; rel="canonical"' in links
    assert f'<{update.full_url}>; rel="alternate"; hreflang="en"' in links
    (entry,) = update.get_sitemap_urls()
    assert [each["lang_code"] for each in entry["alternates"]] == ["en", "it"]


def test_which_fields_are_translated(make_update):
    from wagtail_localize.segments.extract import extract_segments

    update = make_update(introduction="At last.", image_alt_text="A hand")
    paths = {segment.path.partition(".")[0] for segment in extract_segments(update)}
    assert paths == {"title", "slug", "introduction", "image_alt_text", "body"}


def test_an_alias_of_a_petition_page_lists_the_updates_of_its_original(page, home, make_update):
    update = make_update()
    alias = page.create_alias(parent=home, update_slug="alias").specific
    assert titles(alias) == [TITLE]
    update.create_alias(parent=alias, update_slug="alias")
    assert [found.get_parent().specific for found in fresh(alias).updates] == [alias]


# Who may see it


def test_readers_of_the_page_see_those_that_all_of_them_may_see(page, translated, make_update):
    PageViewRestriction.objects.create(
        page=make_update(title="For members"), restriction_type="login"
    )
    assert titles(page) == titles(translated) == []
    make_update(title="For everybody")
    assert titles(page) == ["For everybody"]
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert titles(page) == ["For everybody", "For members"]
    # Everything of the English page is for people who are logged in, so the Italian lists none.
    assert titles(translated) == []
    PageViewRestriction.objects.create(page=translated, restriction_type="login")
    assert titles(translated) == ["For everybody", "For members"]


# For other programs


def test_api(settings, client, page, make_update):
    settings.ROOT_URLCONF = "tests.public.api_urls"
    update = make_update(date=date(2026, 5, 1), introduction="At last.")
    data = client.get(f"/api/v2/pages/{update.pk}/").json()
    assert (data["date"], data["introduction"]) == ("2026-05-01", "At last.")
    assert data["petition_key"] == str(page.petition_key)
    assert data["body"][0]["type"] == "text"
