"""What a recipient accepts: told to the editor before people sign, and when files are made."""

import pytest
from django.urls import reverse
from wagtail.blocks.struct_block import StructBlockValidationError

from tests.admin.people import make_user
from wagtail_petition.blocks import RecipientBlock
from wagtail_petition.blocks.profiles import PROFILES
from wagtail_petition.delivery import acceptance
from wagtail_petition.delivery.acceptance import MEGABYTE
from wagtail_petition.models import Delivery
from wagtail_petition.pages.checklist import Level, checklist

pytestmark = pytest.mark.django_db


def recipient(**accepts):
    """The recipients of a page: one, who accepts this."""
    return [("recipient", {"name": "Jane Doe", "role": "to", "accepts": accepts})]


def own(**values):
    return recipient(kind="own", **values)


def told(page, level=Level.ADVICE):
    """What the checklist says about the recipient."""
    texts = [check.text for check in checklist(page) if check.level is level]
    return " ".join(text for text in texts if text.startswith("Jane Doe"))


class TestTheChecklist:
    def test_says_nothing_of_recipients_it_does_not_know(self, page):
        assert not told(page)
        assert not told(page, Level.DONE)

    def test_the_bundestag_takes_no_typed_lists(self, make_page):
        page = make_page(recipients=recipient(kind="bundestag"))
        assert "doesn’t recognise lists typed by machine" in told(page)
        assert "Files: Paper" in told(page, Level.DONE)
        assert "Emails: Not wanted" in told(page, Level.DONE)

    @pytest.mark.parametrize("kind", PROFILES)
    def test_each_kind_tells_the_editor_something(self, make_page, kind):
        assert told(make_page(recipients=recipient(kind=kind)))

    def test_the_postal_address(self, make_page):
        street = {"type": "short_text", "id": "street", "value": {"label": "Street"}}
        asked = {"recipients": own(needs=["address"]), "ask_postcode": "required"}
        assert "require postcode and city" in told(make_page(**asked))
        asked["ask_city"] = "required"
        page = make_page(**asked)
        assert "add a question for street" in told(page)
        page.questions = [street]
        assert not told(page)

    def test_the_district(self, make_page):
        page = make_page(recipients=own(needs=["district"]))
        assert "district where people vote" in told(page)
        page.home_country, page.ask_home_district = "US", "required"
        assert not told(page)

    def test_languages(self, make_page, italian):
        page = make_page(recipients=own(languages=["it", "de"]))
        assert "Translate the petition" in told(page)
        page.copy_for_translation(italian, copy_parents=True)
        assert not told(page)

    def test_a_draft_may_lack_anything(self, make_page):
        page = make_page()
        page.recipients = [("recipient", {"accepts": {"kind": "own"}})]
        checklist(page)


class TestTheBlock:
    def clean(self, **accepts):
        block = RecipientBlock()
        return block.clean(block.to_python({"name": "Jane", "role": "to", "accepts": accepts}))

    def test_entries_without_effect_are_refused(self):
        with pytest.raises(StructBlockValidationError) as error:
            self.clean(kind="bundestag", needs=["address"])
        assert "Choose “Other: as below”" in str(error.value.as_json_data())
        self.clean(kind="own", needs=["address"], largest=10, languages=["en"])

    @pytest.mark.urls("tests.public.api_urls")
    def test_it_is_for_organisers(self, client, make_page):
        page = make_page(recipients=recipient(kind="bundestag"))
        data = client.get(f"/api/v2/pages/{page.pk}/", {"format": "json"}).json()
        assert data["recipients"][0]["value"]["name"] == "Jane Doe"
        assert "accepts" not in data["recipients"][0]["value"]
        assert "bundestag" not in client.get(page.url).text.lower()

    def test_recipients_from_before(self, page):
        """Pages saved before this was asked have no such value."""
        stored = page.recipients.get_prep_value()
        for block in stored:
            block["value"].pop("accepts", None)
        page.recipients = page.recipients.stream_block.to_python(stored)
        assert not told(page)
        assert acceptance.get_profile(page, "Jane Doe") is None


class TestADelivery:
    @pytest.fixture
    def find(self, make_page, make_signature):
        """What doesn't match for a recipient who accepts this; arguments are the delivery's."""

        def find(accepts, size=0, **values):
            page = make_page(recipients=accepts)
            make_signature(page)
            page = type(page).objects.get(pk=page.pk)
            delivery = Delivery(
                **{
                    "petition": page.petition, "recipient": "Jane Doe", "language": "en",
                    "columns": ["number", "given_name"], "formats": ["csv"], **values,
                }
            )  # fmt: skip
            profile = acceptance.get_profile(page, "Jane Doe")
            return " ".join(acceptance.mismatches(profile, delivery, size))

        return find

    @pytest.mark.parametrize(
        ("accepts", "values", "words"),
        [
            ({"needs": ["address"]}, {}, "these columns too: Postcode, City."),
            ({"needs": ["address"]}, {"columns": ["postcode", "city"]}, ""),
            ({"needs": ["district"]}, {}, "doesn’t ask for: District"),
            ({"needs": ["handwritten"]}, {}, "counts handwritten signatures only"),
            ({"emails": "wanted"}, {}, "these columns too: Email"),
            ({"emails": "unwanted"}, {"columns": ["email"]}, "doesn’t want email addresses"),
            ({"emails": "unwanted"}, {}, ""),
            ({"formats": ["pdf"]}, {}, "accepts none of these files. Choose: PDF."),
            ({"formats": ["csv"]}, {"formats": ["csv", "xlsx"]}, "these files: XLSX."),
            ({"formats": ["paper"]}, {"formats": ["pdf"]}, ""),
            ({"largest": 2}, {"size": 3 * MEGABYTE}, "up to 2 MB"),
            ({"largest": 2}, {"size": MEGABYTE}, ""),
            ({"languages": ["de"]}, {}, "in this language. Choose: German."),
            ({"languages": ["pt"]}, {"language": "pt-br"}, ""),
        ],
    )
    def test_what_does_not_match(self, find, accepts, values, words):
        found = find(own(**accepts), **values)
        assert words in found if words else not found

    def test_the_steps_tell_it(self, client, make_page, make_signature):
        page = make_page(recipients=recipient(kind="bundestag"))
        make_signature(page)
        page = type(page).objects.get(pk=page.pk)
        client.force_login(make_user("Boss", superuser=True))
        url = reverse("petition_deliveries:add", args=[page.petition.pk])
        which = {"recipient": "Jane Doe", "which": "new"}
        html = client.post(url, {"step": "which", **which}, follow=True).text
        assert "doesn’t recognise lists typed by machine" in html
        what = {
            "language": "en",
            "preset": "names",
            "order": "number",
            "formats": ["csv"],
            "paper": "a4",
        }
        html = client.post(url, {"step": "what", **which, **what}, follow=True).text
        assert "counts handwritten signatures only" in html
        other = {**which, "recipient": "other", "other_recipient": "Press"}
        response = client.post(url, {"step": "what", **other, **what}, follow=True)
        assert response.context["step"] == "check"
        assert "This may not be" not in response.text
        # A warning, no more.
        assert client.post(url, {"step": "create", **which, **what}).status_code == 302
        assert Delivery.objects.exists()
