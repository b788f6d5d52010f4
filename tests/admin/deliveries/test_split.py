"""A split delivery in the admin: created in one act, its overview, its manifest, all files."""

import io
import json
import re
import zipfile

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin.people import make_user
from wagtail_petition import ledger
from wagtail_petition.admin.deliveries.views import split as views
from wagtail_petition.delivery import build, expiry, lifecycle
from wagtail_petition.delivery.membership import pack
from wagtail_petition.models import Delivery, DeliverySplit, PetitionLogEntry

from .test_views import WHAT, WHICH

pytestmark = pytest.mark.django_db

ALL = ("view", "export", "view_delivery", "add_delivery", "change_delivery")


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client(log_in, page):
    return log_in(make_user("Deborah", *ALL, pages=[page]))


@pytest.fixture
def people(make_signature):
    return [
        make_signature(
            given_name=f"Anna{n}",
            email=f"anna{n}@example.org",
            home_country="US" if region else "",
            home_region=region,
        )
        for n, region in enumerate(["US-NY", "US-NY", "US-CA", ""])
    ]


@pytest.fixture
def split(people, make_split):
    return make_split()


def url(name, split):
    return reverse(f"petition_deliveries:{name}", args=[split.pk])


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


class TestCreate:
    @pytest.fixture
    def response(self, client, page, people):
        add = reverse("petition_deliveries:add", args=[page.petition.pk])
        chosen = {**WHICH, **WHAT, "split_by": "home_region", "step": "create"}
        return client.post(add, chosen, follow=True)

    def test_one_lands_on_all_parts(self, response):
        split = DeliverySplit.objects.get()
        assert response.redirect_chain == [(url("split", split), 302)]
        assert (split.by, split.count, split.created_by.username) == ("home_region", 4, "Deborah")
        assert "3 deliveries added." in response.text
        text = text_of(response.text)
        for words in (
            "Split by state or region where they vote",
            "New York Jane Doe (New York) 2 Ready",
            "California Jane Doe (California) 1 Ready",
            "No region Jane Doe (No region) 1 Ready",
            "Total 4",
            "Equal to the whole",
            "Ready: 3",
        ):
            assert words in text, words

    def test_it_is_logged_once_and_in_the_history_of_each_part(self, client, response):
        entry = PetitionLogEntry.objects.get()
        split = DeliverySplit.objects.get()
        assert entry.action == "wagtail_petition.split_delivery"
        assert entry.data == {"split": split.pk, "by": "home_region", "parts": 3}
        for part in split.parts.all():
            html = client.get(url("detail", part)).text
            assert "Delivery created and split into 3 parts" in html

    def test_even_one_part_is_a_split(self, client, page, make_signature):
        make_signature(country="IT")
        add = reverse("petition_deliveries:add", args=[page.petition.pk])
        client.post(add, {**WHICH, **WHAT, "split_by": "country", "step": "create"})
        assert DeliverySplit.objects.get().parts.get().part_label == "Italy"

    def test_one_that_is_not_split_is_no_part(self, client, page, people):
        add = reverse("petition_deliveries:add", args=[page.petition.pk])
        client.post(add, {**WHICH, **WHAT, "step": "create"})
        delivery = Delivery.objects.get()
        assert (delivery.split, delivery.part_label) == (None, "")
        assert "Part of" not in client.get(url("detail", delivery)).text

    def test_nothing_is_split(self, client, page):
        add = reverse("petition_deliveries:add", args=[page.petition.pk])
        data = {**WHICH, **WHAT, "split_by": "country", "step": "create"}
        assert "No signatures to deliver." in client.post(add, data, follow=True).text
        assert not DeliverySplit.objects.exists()


class TestOverview:
    def test_each_part_leads_to_all_of_them_and_back(self, client, split):
        html = client.get(url("split", split)).text
        listed = client.get(reverse("petition_deliveries:index")).text
        assert url("split", split) in listed
        for part in split.parts.all():
            assert url("detail", part) in html
            detail = client.get(url("detail", part)).text
            # In the breadcrumbs and in the details.
            assert detail.count(url("split", split)) >= 2
            assert "Part of" in detail

    def test_while_parts_are_prepared_or_failed(self, client, people, make_split):
        split = make_split(made=False)
        Delivery.objects.filter(part_label="California").update(state="failed")
        html = client.get(url("split", split)).text
        assert "Failed: 1" in html
        assert "data-petition-live" in html
        for name in ("split_manifest", "split_download"):
            assert url(name, split) not in html
            response = client.get(url(name, split), follow=True)
            assert "Not all parts are ready yet." in response.text

    def test_parts_with_signatures_that_no_longer_count(self, client, people, split):
        ledger.withdraw(people[0])
        html = client.get(url("split", split)).text
        assert "1 no longer counts" in html
        assert "1 part has signatures that no longer count." in html
        assert url("split_download", split) not in html
        response = client.get(url("split_download", split), follow=True)
        assert "1 part has signatures that no longer count." in response.text
        lifecycle.rebuild(split.parts.get(part_label="New York"))
        build.build_queued()
        html = client.get(url("split", split)).text
        assert "1 fewer than when it was split" in html
        assert "Total 3" in text_of(html)

    def test_more_than_a_page(self, client, split, monkeypatch):
        monkeypatch.setattr(views, "PER_PAGE", 2)
        first = text_of(client.get(url("split", split)).text)
        second = text_of(client.get(url("split", split) + "?p=2").text)
        assert "New York" in first
        assert "New York" not in second
        for text in (first, second):
            assert "Total 4" in text
            assert "Page" in text
        assert client.get(url("split", split) + "?p=x").status_code == 200

    def test_as_many_queries_for_any_number_of_parts(self, client, page, split):
        def count(split):
            client.get(url("split", split))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url("split", split)).status_code == 200
            return len(queries)

        many = DeliverySplit.objects.create(petition=page.petition, by="country", count=56)
        Delivery.objects.bulk_create(
            Delivery(
                petition=page.petition,
                split=many,
                part_label=f"Part {n}",
                last_number=4,
                recipient=f"Recipient {n}",
                state="ready",
                members=pack([1]),
                count=1,
            )
            for n in range(56)
        )
        assert count(many) == count(split)

    def test_split_by_something_else(self, client, people, make_split, page):
        for by, words in [("country", "Split by country"), ("gone", "Split by answer to “Answer”")]:
            split = make_split("country")
            DeliverySplit.objects.filter(pk=split.pk).update(by=by)
            assert words in client.get(url("split", split)).text


class TestFiles:
    def test_the_manifest(self, client, split):
        response = client.get(url("split_manifest", split))
        assert response["Content-Disposition"] == 'attachment; filename="split-manifest.json"'
        listing = json.loads(response.content)
        assert (listing["signatures"], len(listing["parts"])) == (4, 3)

    def test_all_files_at_once_and_that_is_logged(self, client, split, tmp_path):
        response = client.get(url("split_download", split))
        path = tmp_path / "all.zip"
        path.write_bytes(b"".join(response.streaming_content))
        call_command("verify_delivery", str(path), verbosity=0, stdout=io.StringIO())
        with zipfile.ZipFile(path) as bundle:
            assert len(bundle.namelist()) == 4
        entry = PetitionLogEntry.objects.get(action="wagtail_petition.download")
        assert entry.data == {
            "split": split.pk,
            "file": f"split-delivery-{split.pk}.zip",
            "rows": 4,
        }
        assert (
            f"split-delivery-{split.pk}.zip" in client.get(url("detail", split.parts.first())).text
        )

    def test_after_files_were_deleted_the_manifest_stays(self, client, split):
        expiry.delete_files(split.parts.get(part_label="California"))
        html = client.get(url("split", split)).text
        assert "Files of some parts have been deleted" in html
        assert url("split_download", split) not in html
        response = client.get(url("split_download", split), follow=True)
        assert "Files of some parts have been deleted." in response.text
        listing = json.loads(client.get(url("split_manifest", split)).content)
        assert [bool(entry.get("files_deleted_on")) for entry in listing["parts"]] == [
            *(False, True, False)
        ]

    def test_without_the_permission_to_export(self, client, log_in, page, split):
        client = log_in(make_user("reader", "view_delivery", pages=[page]))
        html = client.get(url("split", split)).text
        assert url("split_manifest", split) in html
        assert url("split_download", split) not in html
        assert "You need permission to export signatures" in html
        assert client.get(url("split_download", split)).status_code == 404

    def test_of_another_petition(self, client, log_in, other_page, split):
        client = log_in(make_user("other", *ALL, pages=[other_page]))
        for name in ("split", "split_manifest", "split_download"):
            assert client.get(url(name, split)).status_code == 404
        assert "New York" not in client.get(reverse("petition_deliveries:index")).text
