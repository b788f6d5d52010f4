"""Codes that were signed stay, whatever the scheme becomes, and are the same in every language."""

import csv
import io
import json
import re

import pytest
from django.urls import reverse
from django.utils import translation

from wagtail_petition import ledger
from wagtail_petition.delivery import build
from wagtail_petition.delivery.split import pieces
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.writers import write_file
from wagtail_petition.home.describe import describe_home
from wagtail_petition.models import Delivery, HomeTally, PetitionPage, Signature
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db

LIST = reverse("petition_signatures:index")


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def use_scheme(settings):
    def use(name):
        scheme = f"tests.testapp.schemes.{name}" if name else None
        settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "HOME_SCHEMES": {"CH": scheme}}

    return use


@pytest.fixture
def deliver():
    def deliver(petition, **fields):
        petition.refresh_from_db()
        delivery = Delivery.objects.create(
            **{
                "petition": petition,
                "last_number": petition.last_number,
                "recipient": "Jane Doe",
                "language": "en",
                "columns": ["number", "home_region", "home_district"],
                "formats": ["csv"],
                "only_new": False,
                **fields,
            }
        )
        build.build_queued()
        delivery.refresh_from_db()
        return delivery

    return deliver


def read_csv(delivery):
    with private_storage().open(delivery.files.get(name="signatures.csv").path) as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))[1:]


def export(petition, folder):
    resource = get_signature_resource(
        petitions=[petition], columns=["home_region", "home_district"]
    )
    path = folder / "signatures.csv"
    rows = resource.get_rows(petition.signatures.order_by("pk"))
    write_file(path, "csv", resource.get_export_headers(), rows)
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))[1:]


def codes():
    signatures = Signature.objects.order_by("pk")
    return list(signatures.values_list("home_country", "home_region", "home_district"))


SIGNED = [("CH", "CH-ZH", "north"), ("CH", "CH-TI", "all"), ("CH", "CH-ZH", "south")]


class TestSchemesThatChange:
    """Switzerland's scheme loses Zürich, and renames Ticino; or it is removed as a whole."""

    @pytest.fixture
    def voting(self, use_scheme, make_page, post, mailoutbox, client):
        """A page with three who signed; the last hasn't confirmed yet."""
        use_scheme("Switzerland")
        page = make_page(
            home_country="CH", ask_home_region="optional", ask_home_district="optional"
        )
        for i, (country, region, district) in enumerate(SIGNED):
            answers = {"home_region": region, "home_district": f"{region} {district}"}
            posted = post(page, email=f"a{i}@example.org", home_country=country, **answers)
            assert posted.status_code == 303
        for attempt in Signature.objects.order_by("pk")[:2]:
            ledger.confirm(attempt)
        assert codes() == SIGNED
        return page

    @pytest.fixture(params=["SwitzerlandAfterAReform", None], ids=["reform", "removed"])
    def changed(self, request, voting, use_scheme):
        use_scheme(request.param)
        return PetitionPage.objects.get(pk=voting.pk)

    def test_what_was_signed_stays(self, changed, client, mailoutbox):
        link = re.search(r"http\S+/confirm/\S+", mailoutbox[-1].body)[0]
        html = client.get(link).content.decode()
        assert "CH-ZH" in html
        assert "south" in html
        assert client.post(link).status_code == 303
        assert codes() == SIGNED
        assert {t.home_region: t.count for t in HomeTally.objects.all()} == {
            "CH-ZH": 2,
            "CH-TI": 1,
        }
        assert ledger.recount(changed.petition) == []

    def test_what_is_gone_is_shown_as_its_code(self, changed):
        for signature in Signature.objects.order_by("pk"):
            shown = " ".join(value for _label, value in describe_home(signature))
            named = "Svizzera italiana" in shown
            assert named or signature.home_region in shown
            assert signature.home_district in shown

    def test_it_is_listed_and_found(self, changed, client, superuser):
        client.force_login(superuser)
        listed = client.get(LIST, {"status": "confirmed", "home_region": "CH-ZH"})
        assert [each.home_district for each in listed.context["object_list"]] == ["north"]
        petition = changed.petition
        votes = client.get(reverse("petitions:votes", args=[petition.pk])).content.decode()
        assert "CH-ZH" in votes
        pk = Signature.objects.first().pk
        seen = client.get(reverse("petition_signatures:inspect", args=[pk])).content.decode()
        assert "CH-ZH" in seen

    def test_it_is_exported_and_delivered(self, changed, deliver, tmp_path):
        expected = [[region, district] for _country, region, district in SIGNED]
        assert export(changed.petition, tmp_path) == expected
        whole = deliver(changed.petition)
        assert [row[-2:] for row in read_csv(whole)] == expected[:2]
        parts = {piece.label: piece for piece in pieces(whole, "home_region")}
        assert parts["CH-ZH"].signatures == 1
        part = deliver(changed.petition, filters=parts["CH-ZH"].filters)
        assert [row[-2:] for row in read_csv(part)] == [["CH-ZH", "north"]]
        with private_storage().open(part.files.get(name="manifest.json").path) as file:
            assert json.load(file)["where_they_vote"] == "CH-ZH"

    def test_new_signers_choose_from_what_there_is(self, changed, post):
        posted = post(changed, email="new@example.org", home_country="CH", home_region="CH-ZH")
        if "home_region" in changed.get_sign_form().fields:
            assert posted.status_code == 422
        else:
            assert posted.status_code == 303
            assert Signature.objects.get(email="new@example.org").home_country == ""


class TestLanguages:
    @pytest.fixture
    def pages(self, make_page, italian):
        page = make_page(home_country="US", ask_home_region="optional")
        made = page.copy_for_translation(italian, copy_parents=True)
        made.save_revision().publish()
        return [page, PetitionPage.objects.get(pk=made.pk)]

    def test_one_code_whatever_the_language(self, client, pages, post, deliver):
        for page, name in zip(pages, ["North Carolina", "Carolina del Nord"], strict=True):
            html = client.get(page.url).content.decode()
            assert f'<option value="US-NC">{name}</option>' in html
            email = f"{page.language}@example.org"
            assert post(page, email=email, home_region="US-NC").status_code == 303
        for attempt in Signature.objects.order_by("pk"):
            ledger.confirm(attempt)
        assert {s.language: s.home_region for s in Signature.objects.all()} == {
            "en": "US-NC",
            "it": "US-NC",
        }
        petition = pages[0].petition
        assert [(t.home_region, t.count) for t in HomeTally.objects.all()] == [("US-NC", 2)]
        for language, name in [("en", "North Carolina"), ("it", "Carolina del Nord")]:
            whole = deliver(petition, language=language)
            [piece] = pieces(whole, "home_region")
            assert (piece.label, piece.signatures) == (name, 2)
            assert {row[-2] for row in read_csv(whole)} == {"US-NC"}
        with translation.override("it"):
            assert "Carolina del Nord" in dict(
                map(reversed, describe_home(Signature.objects.first()))
            )
