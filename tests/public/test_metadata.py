"""The metadata of a petition page."""

import re

import pytest
from django.contrib.sites.shortcuts import get_current_site
from django.template import Context, Template
from django.urls import reverse
from wagtail.contrib.sitemaps import Sitemap
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests.public.head import HEAD, meta, structured
from wagtail_petition.signing.views.confirm import signed_url


def test_what_is_shown_where_the_page_is_shared(make_page, head_of):
    page = make_page(introduction="<p>One ask.</p><p>In two <b>sentences</b> &amp; more.</p>")
    tags = meta(head_of(page))
    assert tags["og:title"] == page.title
    assert tags["og:url"] == page.full_url
    assert tags["og:description"] == "One ask. In two sentences & more."
    assert tags["description"] == tags["og:description"]
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["og:image"] == (
        "http://localhost"
        + reverse("wagtail_petition:card", args=[page.petition_key])
        + "?language=en"
    )
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")


# Wagtail leaves the temporary file of a rendition it makes to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_editors_own_words_and_image(make_page, head_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = get_image_model().objects.create(title="A border", file=get_test_image_file())
    page = make_page(seo_title="Reunite", search_description="By hand", share_image=image)
    tags = meta(head_of(page))
    assert tags["og:title"] == "Reunite"
    assert tags["og:description"] == "By hand"
    # The site's base writes the one it knows of.
    assert "description" not in tags
    assert "/media/images/" in tags["og:image"]
    assert tags["og:image"].startswith("http://")


def test_structured_data(page, head_of, make_signers):
    make_signers(3)
    data = structured(head_of(type(page).objects.get()))
    assert data["url"] == page.full_url
    assert data["inLanguage"] == "en"
    assert data["interactionStatistic"]["userInteractionCount"] == 3
    assert data["about"][0]["name"] == "Jane Doe"
    assert data["publisher"]["name"] == page.get_organisation()


def test_a_title_can_not_end_the_script(make_page, head_of):
    page = make_page(title="</script><script>alert(1)</script> & co")
    html = head_of(page)
    assert "<script>alert" not in html
    assert structured(html)["name"] == page.title


def test_languages(page, translated, head_of):
    links = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', head_of(page))
    assert links == [
        ("en", page.full_url),
        ("it", translated.full_url),
        ("x-default", page.full_url),
    ]
    assert f'<link rel="canonical" href="{translated.full_url}">' in head_of(translated)


def test_a_petition_in_one_language_names_no_other(page, head_of):
    assert "hreflang" not in head_of(page)


def test_a_draft_in_another_language_is_not_named(page, translated, head_of):
    translated.unpublish()
    assert "hreflang" not in head_of(page)


def test_an_alias_points_to_its_original(page, home, head_of):
    alias = page.create_alias(update_slug="elsewhere", parent=home)
    assert f'<link rel="canonical" href="{page.full_url}">' in head_of(alias)


def test_address_and_languages_are_in_a_header_for_any_base(client, page, translated):
    links = client.get(translated.url)["Link"]
    assert f'<{translated.full_url}>; rel="canonical"' in links
    assert f'<{page.full_url}>; rel="alternate"; hreflang="en"' in links
    assert f'<{page.full_url}>; rel="alternate"; hreflang="x-default"' in links


def test_other_pages_get_no_header(client, home):
    assert "Link" not in client.get(home.url).headers


def test_tags_are_written_once(page, head_of):
    """However many places a base has for them."""
    twice = HEAD + "{% include 'wagtail_petition/includes/head.html' %}"
    assert head_of(page, twice).count("og:title") == 1


def test_no_tags_on_other_pages(home, page, head_of):
    assert meta(head_of(home)) == {}


def test_no_tags_without_a_request(page):
    """As where a site renders its base for an error."""
    assert meta(Template(HEAD).render(Context({"page": page}))) == {}


def test_no_tags_on_the_steps(client, page, make_signature):
    signature = make_signature()
    response = client.get(signed_url(page, signature.number))
    assert response["X-Robots-Tag"].startswith("noindex")
    assert b"og:title" not in response.content


def test_the_sitemap_has_every_language(page, translated, rf):
    request = rf.get("/")
    entries = Sitemap(request).get_urls(site=get_current_site(request))
    entry = next(entry for entry in entries if entry["location"] == page.full_url)
    assert entry["alternates"] == [
        {"location": page.full_url, "lang_code": "en"},
        {"location": translated.full_url, "lang_code": "it"},
    ]
