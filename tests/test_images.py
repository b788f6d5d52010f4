"""Missing image files break neither pages nor deliveries."""

import re

import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from wagtail_petition import ledger
from wagtail_petition.delivery import build
from wagtail_petition.images import read_rendition
from wagtail_petition.models import Delivery
from wagtail_petition.public.metadata import Metadata

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file it would have written a rendition to for the collector.
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
]


@pytest.fixture
def images(settings, tmp_path, home):
    """Three images: {name: image}."""
    settings.MEDIA_ROOT = tmp_path / "media"
    model = get_image_model()
    return {
        name: model.objects.create(
            title=name, file=get_test_image_file(filename=f"{name}.png", size=(1300, 700))
        )
        for name in ("share", "logo", "body")
    }


@pytest.fixture
def illustrated(make_page, images):
    """A page with an image in every place that has one."""
    return make_page(
        share_image=images["share"],
        sponsors=[("sponsor", {"name": "Citizens Abroad", "logo": images["logo"]})],
        body=[("image", {"image": images["body"], "alt_text": "People", "caption": "In Rome"})],
    )


def lose(image):
    """Delete an image's file behind the site's back."""
    image.file.storage.delete(image.file.name)


def make_delivery(page):
    attempt = ledger.sign(
        page, email="anna@example.org", given_name="Anna", family_name="M", country="IT"
    )
    ledger.confirm(attempt)
    made = Delivery.objects.create(
        petition=attempt.petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name"],
        formats=["pdf"],
    )
    build.build_queued()
    made.refresh_from_db()
    return made


def test_pages_with_their_images(client, illustrated):
    html = client.get(illustrated.url).text
    assert "/media/images/share" in Metadata(illustrated).image.url
    assert re.search(r'<img alt="Citizens Abroad"[^>]+src="/media/images/logo', html)


@pytest.mark.parametrize("spoil", [lose, lambda image: open(image.file.path, "wb").close()])
def test_pages_without_the_files(client, illustrated, images, spoil):
    for image in images.values():
        spoil(image)
    response = client.get(illustrated.url)
    assert response.status_code == 200
    # The card that is drawn where a page has no image, and the sponsor's name.
    assert Metadata(illustrated).image.url.endswith("/card.png?language=en")
    assert "Citizens Abroad" in response.text
    assert "images/logo" not in response.text


def test_deliveries_without_the_files(illustrated, images):
    lose(images["logo"])
    made = make_delivery(illustrated)
    assert made.state == Delivery.State.READY, made.error


def test_a_rendition_that_was_lost_is_made_again(images):
    before = read_rendition(images["logo"], "max-80x40|format-png")
    lose(images["logo"].get_rendition("max-80x40|format-png"))
    assert read_rendition(images["logo"], "max-80x40|format-png") == before
