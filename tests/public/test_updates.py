"""The list of updates, the feed, and where else they are mentioned."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from tests.public.head import meta, structured

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(response):
    return re.findall(r'<a href="[^"]+">(News \d+)</a>', response.text)


@pytest.fixture
def many(make_update):
    """Twenty-one updates, the newest first."""
    return [
        make_update(title=f"News {day}", date=date(2026, 5, day), introduction=f"It is {day}")
        for day in range(21, 0, -1)
    ]


def test_list_by_pages(client, page, url_of, many):
    first = client.get(url_of("updates"))
    assert titles(first) == [f"News {day}" for day in range(21, 1, -1)]
    assert first["X-Robots-Tag"] == "noindex"
    assert "public" in first["Cache-Control"]
    following = re.search(r'href="(\?[^"]+)" rel="next"', first.text)[1]
    second = client.get(url_of("updates") + following)
    assert titles(second) == ["News 1"]
    assert 'rel="prev"' in second.text
    assert 'rel="next"' not in second.text


def test_list_keeps_the_language(client, translated, url_of, many):
    html = client.get(url_of("updates"), {"language": "it"}).text
    assert "?language=it&amp;page=2" in html
    assert translated.title in html


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "1.0", "١", "9" * 30, "1\0"])
def test_there_is_no_such_page_of_the_list(client, url_of, many, number):
    assert client.get(url_of("updates"), {"page": number}).status_code == 404


def test_list_without_updates(client, page, url_of):
    assert "There are no updates yet." in client.get(url_of("updates")).text


def feed_of(client, url, **query):
    response = client.get(url, query)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def test_feed(client, page, url_of, make_update, clock):
    update = make_update(
        title="She said <b>no</b> & left\x0b",
        introduction="One < two & \x01 three",
        date=date(2026, 5, 1),
    )
    feed = feed_of(client, url_of("updates_feed"))
    assert feed.find(f"{ATOM}title").text == f"Updates: {page.title}"
    assert feed.find(f"{ATOM}author/{ATOM}name").text == page.get_organisation()
    own = feed.find(f"{ATOM}link[@rel='self']").get("href")
    assert own == f"http://localhost{url_of('updates_feed')}?language=en"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "She said <b>no</b> & left"
    assert entry.find(f"{ATOM}summary").text == "One &lt; two &amp;  three"
    assert entry.find(f"{ATOM}link").get("href") == update.full_url
    assert entry.find(f"{ATOM}published").text == "2026-05-01T00:00:00+02:00"
    assert entry.find(f"{ATOM}updated").text.startswith(f"{clock.now():%Y-%m-%dT%H}")
    assert entry.find(f"{ATOM}id").text == f"urn:uuid:{update.translation_key}"


def test_feed_of_another_language(client, translated, url_of, make_update):
    make_update()
    feed = feed_of(client, url_of("updates_feed"), language="it")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "it"
    assert feed.find(f"{ATOM}link").get("href") == translated.full_url
    assert len(feed.findall(f"{ATOM}entry")) == 1


def test_feed_has_the_newest_and_may_be_empty(client, page, url_of, make_update):
    assert feed_of(client, url_of("updates_feed")).findall(f"{ATOM}entry") == []
    for day in range(1, 24):
        make_update(title=f"News {day}", date=date(2026, 5, day))
    entries = feed_of(client, url_of("updates_feed")).findall(f"{ATOM}entry")
    found = [entry.find(f"{ATOM}title").text for entry in entries]
    assert found == [f"News {day}" for day in range(23, 3, -1)]


def test_neither_has_what_some_readers_of_the_page_may_not_see(client, page, url_of, make_update):
    PageViewRestriction.objects.create(page=make_update(), restriction_type="login")
    for name in ("updates", "updates_feed"):
        response = client.get(url_of(name))
        assert response.status_code == 200
        assert "The minister has answered" not in response.text


def test_they_work_on_a_page_without_an_address(client, home, make_page, make_update, settings):
    page = make_page()
    settings.WAGTAIL_PETITION = {
        **settings.WAGTAIL_PETITION,
        "PAGE_URL": "https://www.example.org/{language}{path}",
    }
    update = make_update(page)
    key = [page.petition_key]
    (entry,) = feed_of(client, reverse("wagtail_petition:updates_feed", args=key)).findall(
        f"{ATOM}entry"
    )
    address = f"https://www.example.org/en{page.url}{update.slug}/"
    assert entry.find(f"{ATOM}link").get("href") == address
    assert address in client.get(reverse("wagtail_petition:updates", args=key)).text


def test_the_frame_links_to_the_newest(client, page, url_of, make_update):
    assert "Latest update" not in client.get(url_of("embed")).text
    make_update(title="Older", date=date(2026, 5, 1))
    newest = make_update(title="Newest", date=date(2026, 5, 2))
    html = client.get(url_of("embed")).text
    assert re.search(
        rf'<a href="{newest.full_url}" target="_blank" rel="noopener">\s*'
        r"Latest update: <bdi>Newest</bdi> \(opens in new tab\)",
        html,
    )
    assert "Older" not in html


class TestMetadata:
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    def test_of_an_update(self, page, make_update, head_of, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        image = get_image_model().objects.create(title="A hand", file=get_test_image_file())
        update = make_update(
            introduction="At last.",
            date=date(2026, 5, 1),
            image=image,
            image_alt_text="Two hands",
        )
        html = head_of(update)
        tags = meta(html)
        assert tags["og:type"] == "article"
        assert tags["og:title"] == update.title
        assert tags["og:url"] == update.full_url
        assert tags["description"] == tags["og:description"] == "At last."
        assert "/media/images/" in tags["og:image"]
        assert tags["og:image:alt"] == "Two hands"
        data = structured(html)
        assert (data["@type"], data["headline"]) == ("NewsArticle", update.title)
        assert data["datePublished"] == "2026-05-01"
        assert data["about"]["@id"] == page.full_url

    def test_without_its_own_image_and_introduction(self, make_update, head_of):
        tags = meta(head_of(make_update()))
        assert tags["og:description"] == "She will meet us in May."
        assert "/card.png?" in tags["og:image"]

    def test_below_a_petition_that_is_not_online(self, page, make_update, head_of):
        update = make_update()
        page.unpublish()
        html = head_of(type(update).objects.get(pk=update.pk))
        assert "og:image" not in meta(html)
        assert "about" not in structured(html)
        assert "atom+xml" not in html

    def test_the_feed_is_found(self, page, make_update, head_of, url_of):
        link = f'title="Updates" href="http://localhost{url_of("updates_feed")}?language=en"'
        assert link not in head_of(page)
        update = make_update()
        # The head is cached for a minute.
        cache.clear()
        assert link in head_of(type(page).objects.get(pk=page.pk))
        assert link in head_of(update)


def test_a_date_in_the_future_is_as_the_editor_says(client, url_of, make_update, clock):
    make_update(title="News 1", date=clock.now().date() + timedelta(days=30))
    assert titles(client.get(url_of("updates"))) == ["News 1"]
