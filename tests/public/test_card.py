"""The picture for petitions without one."""

import io

import pytest
from PIL import Image, ImageFont, features

from wagtail_petition.public import card
from wagtail_petition.public.card import can_draw


@pytest.fixture
def get_card(client, url_of):
    def get(language="en"):
        return client.get(url_of("card"), {"language": language})

    return get


def test_it_is_a_picture_of_the_size_networks_want(page, get_card, make_signers):
    make_signers(3)
    response = get_card()
    picture = Image.open(io.BytesIO(response.content))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert response["Content-Type"] == "image/png"
    assert "public" in response["Cache-Control"]


@pytest.mark.parametrize(
    "title", ["A" * 255, "word " * 50, "Perché? È «così»", "Διαμαρτυρία", "Петиция"]
)
def test_titles_of_all_lengths_and_alphabets(make_page, client, title):
    page = make_page(title=title.strip()[:255])
    assert can_draw(page)
    response = client.get(f"/petitions/{page.petition_key}/card.png")
    assert response.status_code == 200


def test_no_card_rather_than_one_with_boxes(make_page, client):
    page = make_page(title="请愿书")
    response = client.get(f"/petitions/{page.petition_key}/card.png")
    assert response.status_code == 404
    assert b"og:image" not in client.get(page.url).content


def test_right_to_left_needs_shaping(make_page, monkeypatch):
    page = make_page(title="عريضة")
    page.locale.language_code = "ar"
    assert can_draw(page) == features.check("raqm")
    monkeypatch.setattr(features, "check", lambda feature: False)
    assert not can_draw(page)


def test_it_is_drawn_once_an_hour_at_most(page, get_card, make_signers):
    before = get_card().content
    make_signers(5)
    assert get_card().content == before


def test_it_follows_a_new_title(page, get_card):
    before = get_card().content
    page.title = "Another title"
    page.save_revision().publish()
    assert get_card().content != before


def test_a_font_of_the_sites_own(page, get_card, settings):
    settings.WAGTAIL_PETITION = {"CARD_FONT": ImageFont.truetype("DejaVuSans.ttf").path}
    assert get_card().status_code == 200


def test_a_machine_without_fonts_still_writes_latin(page, make_page, monkeypatch):
    monkeypatch.setattr(card, "SYSTEM_FONTS", ())
    card._font.cache_clear()
    card._has_glyph.cache_clear()
    try:
        assert can_draw(page)
        assert not can_draw(make_page(title="Петиция"))
        assert card.card_png(page)
    finally:
        card._font.cache_clear()
        card._has_glyph.cache_clear()
