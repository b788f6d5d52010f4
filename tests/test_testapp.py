"""The extension points: what a site can change, with the result."""

import csv
import io
import re

import pytest
from django.urls import reverse
from wagtail.blocks import StreamValue

from tests.helpers import errors_of, path_in
from tests.testapp import receivers
from tests.testapp.models import CampaignPage
from wagtail_petition.delivery import build
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.models import Delivery, Signature, SignedText
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db

QUESTION = {
    "type": "rating",
    "id": "mark",
    "value": {"label": "How urgent?", "help_text": "", "required": True},
}


@pytest.fixture
def campaign(make_page):
    """A petition on the site's own page type, with a question of the site's own type."""
    block = CampaignPage._meta.get_field("questions").stream_block
    return make_page(
        CampaignPage, strapline="Now!", questions=StreamValue(block, [QUESTION], is_lazy=True)
    )


def test_a_page_type_of_its_own_is_a_complete_petition(client, campaign, post, mailoutbox):
    assert client.get(campaign.url).status_code == 200
    response = post(to=campaign, phone="555 1234", q_mark="5")
    assert response.status_code == 303
    assert "The Campaign" in mailoutbox[0].body
    assert client.post(path_in(mailoutbox[0], "confirm")).status_code == 303
    signature = Signature.objects.get()
    assert signature.number == 1
    assert signature.answers == {"phone": "555 1234", "mark": 5}


def test_its_editor_has_its_own_panels_and_ours():
    tabs = CampaignPage.get_edit_handler().children
    fields = {name for tab in tabs for name in tab.get_form_options().get("fields", [])}
    assert {"strapline", "letter", "closes_at", "thanks_text"} <= fields


def test_a_field_of_its_own_is_shown_before_the_consent(client, campaign):
    html = client.get(campaign.url).text
    assert html.index('name="phone"') < html.index('name="consent"')


def test_a_check_of_its_own_is_told_like_ours(campaign, post):
    response = post(to=campaign, given_name="Nobody", q_mark="3")
    assert response.status_code == 422
    assert errors_of(response)["given_name"] == ["Tell us your real name."]
    assert response.text.count("Tell us your real name.") >= 2


def test_a_question_of_its_own_type_is_checked(campaign, post):
    assert "q_mark" in errors_of(post(to=campaign, q_mark="6"))
    assert errors_of(post(to=campaign))["q_mark"] == ["Answer “How urgent?”."]


def test_its_answer_is_shown_to_the_signer(client, campaign, post, mailoutbox):
    post(to=campaign, q_mark="4")
    html = client.get(path_in(mailoutbox[0], "confirm")).text
    assert re.search(r"How urgent\?</dt><dd><bdi>4</bdi>", html)


@pytest.fixture
def phoned(client, campaign, post, mailoutbox):
    """A signature with a value for the form's own field."""
    post(to=campaign, phone="555 1234", q_mark="5")
    client.post(path_in(mailoutbox[0], "confirm"))
    return Signature.objects.get()


def test_its_form_s_own_field_is_kept_with_the_text_and_has_a_label(phoned):
    labels = [(q["id"], q["label"], q["type"]) for q in phoned.signed_text.questions]
    assert labels == [("mark", "How urgent?", "rating"), ("phone", "Phone", "short_text")]


def test_its_form_s_own_field_is_shown_to_the_signer(client, phoned, mailoutbox):
    html = client.get(path_in(mailoutbox[1], "signature")).text
    assert re.search(r"Phone</dt>\s*<dd><bdi>555 1234</bdi>", html)


def test_its_form_s_own_field_is_in_the_admin(client, phoned, admin_user):
    client.force_login(admin_user)
    url = reverse("petition_signatures:inspect", args=[phoned.pk])
    facts = client.get(url).context["facts"]
    assert ("Phone", "555 1234") in facts


@pytest.mark.parametrize("is_old", [False, True])
def test_its_form_s_own_field_is_exported_and_delivered(
    campaign, phoned, settings, tmp_path, is_old
):
    if is_old:
        # Signed before such fields were kept with the text.
        SignedText.objects.update(questions=phoned.signed_text.questions[:1])
        phoned.signed_text.refresh_from_db()
        assert phoned.signed_text.describe(phoned.answers)[1] == ("Phone", "555 1234")
    settings.MEDIA_ROOT = tmp_path / "media"
    resource = get_signature_resource(petitions=[campaign.petition])
    assert resource.fields["answer_phone"].column_name == "Phone"
    delivery = Delivery.objects.create(
        petition=campaign.petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        columns=["number", "answers"],
        formats=["csv"],
    )
    build.build_queued()
    path = delivery.files.get(name="signatures.csv").path
    with private_storage().open(path) as file:
        header, row = csv.reader(io.StringIO(file.read().decode("utf-8-sig")))
    assert dict(zip(header, row, strict=True))["Phone"] == "555 1234"


def test_its_own_field_is_translated(campaign, italian):
    from wagtail_localize.segments.extract import extract_segments

    assert "strapline" in {segment.path for segment in extract_segments(campaign)}


def test_its_receivers_hear_of_it(client, campaign, post, mailoutbox):
    receivers.subscribers.clear()
    post(to=campaign, q_mark="4", wants_news="on")
    client.post(path_in(mailoutbox[0], "confirm"))
    assert receivers.subscribers == {Signature.objects.get().pk}
    client.post(path_in(mailoutbox[1], "signature"), {"withdraw": "1"})
    assert receivers.subscribers == set()


def test_find_page_knows_every_page_type(client, page, campaign, post, mailoutbox):
    post(to=campaign, q_mark="4")
    post(email="b@example.org")
    assert "The Campaign" in mailoutbox[0].body
    for mail in mailoutbox[:2]:
        assert client.get(path_in(mail, "confirm")).status_code == 200
