"""Exports: permissions, contents of the file, and the log."""

import csv
import hashlib
import io
from urllib.parse import urlencode

import openpyxl
import pytest
from django.urls import reverse
from wagtail.log_actions import registry

from wagtail_petition.exports import export
from wagtail_petition.models import ColumnPreset, PetitionLogEntry, Signature

COLUMNS = ["number", "given_name", "email"]
LIST = reverse("petition_signatures:index") + "?status="


def url(**query):
    return f"{reverse('petition_signatures:export')}?{urlencode(query)}"


def chosen(client, **query):
    """Where the button below the list leads, for signatures that are ticked there."""
    args = ["wagtail_petition", "signature", "export"]
    query = urlencode(query, doseq=True)
    return client.get(f"{reverse('wagtail_bulk_action', args=args)}?{query}")["Location"]


def body(response):
    return b"".join(response.streaming_content)


def rows(response):
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


@pytest.fixture
def people(make_signature, other_page):
    make_signature(given_name="Anna", email="anna@example.org")
    make_signature(given_name="José", email="jose@example.org", country="ES")
    make_signature(given_name="=1+1", email="zoe@example.org", confirm=False)
    make_signature(other_page, given_name="Foreign", email="foreign@example.org")


class TestExport:
    def test_what_the_filter_shows(self, log_in, exporter, people):
        client = log_in(exporter)
        html = client.get(url(format="csv")).content.decode()
        assert "Exporting 3 signatures." in html
        response = client.post(url(), {"format": "csv", "columns": COLUMNS})
        assert "no-store" in response["Cache-Control"]
        assert "attachment; filename" in response["Content-Disposition"]
        assert rows(response) == [
            ["Number", "First name", "Email"],
            ["1", "Anna", "anna@example.org"],
            ["2", "José", "jose@example.org"],
            ["", "'=1+1", "zoe@example.org"],
        ]
        response = client.post(url(country="ES"), {"format": "csv", "columns": COLUMNS})
        assert [row[1] for row in rows(response)[1:]] == ["José"]

    def test_xlsx(self, log_in, exporter, people):
        response = log_in(exporter).post(url(), {"format": "xlsx", "columns": COLUMNS})
        book = openpyxl.load_workbook(io.BytesIO(body(response)))
        assert [cell.value for cell in book.active["B"]] == ["First name", "Anna", "José", "=1+1"]

    @pytest.mark.parametrize(
        ("name", "media_type"),
        [("ods", "application/vnd.oasis.opendocument.spreadsheet"), ("jsonl", "application/jsonl")],
    )
    def test_other_formats(self, log_in, exporter, people, name, media_type):
        client = log_in(exporter)
        assert f'value="{name}"' in client.get(url()).content.decode()
        response = client.post(url(), {"format": name, "columns": COLUMNS})
        assert response["Content-Type"] == media_type
        assert f'.{name}"' in response["Content-Disposition"]
        assert body(response)

    def test_the_log_proves_the_file_and_names_nobody(self, log_in, exporter, page, people):
        response = log_in(exporter).post(
            url(q="jose@example.org", country="ES"), {"format": "csv", "columns": COLUMNS}
        )
        entry = PetitionLogEntry.objects.get()
        assert entry.action == "wagtail_petition.export"
        assert (entry.petition, entry.user) == (page.petition, exporter)
        assert entry.data == {
            "format": "csv",
            "rows": 1,
            "sha256": hashlib.sha256(body(response)).hexdigest(),
            "filter": {"country": "ES", "search": True},
            "columns": ["number", "given_name", "email"],
        }
        assert "jose" not in f"{entry.label}{entry.data}".lower()

    def test_without_the_log_there_is_no_file(self, log_in, exporter, people, monkeypatch):
        def fail(*args, **kwargs):
            raise OSError("The log can't be written")

        client = log_in(exporter)
        client.raise_request_exception = False
        monkeypatch.setattr(export, "log", fail)
        response = client.post(url(), {"format": "csv", "columns": COLUMNS})
        assert response.status_code == 500
        assert b"anna@example.org" not in response.content

    def test_a_filter_that_is_not_understood_exports_nothing(self, log_in, exporter, people):
        response = log_in(exporter).post(url(country="XX"), {"format": "csv", "columns": COLUMNS})
        assert len(rows(response)) == 1

    @pytest.mark.parametrize("data", [{}, {"format": "pdf", "columns": COLUMNS}, {"format": "csv"}])
    def test_a_form_that_is_not_understood_is_shown_again(self, log_in, exporter, people, data):
        response = log_in(exporter).post(url(), data)
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/html")
        assert not PetitionLogEntry.objects.exists()

    def test_superusers_get_several_petitions_each_logged(
        self, log_in, superuser, people, page, other_page
    ):
        response = log_in(superuser).post(
            url(), {"format": "csv", "columns": ["petition", "given_name"]}
        )
        assert len(rows(response)) == 5
        logged = {entry.petition: entry.data["rows"] for entry in PetitionLogEntry.objects.all()}
        assert logged == {page.petition: 3, other_page.petition: 1}

    def test_permission(self, log_in, viewer, manager, exporter, people):
        for user in (viewer, manager):
            client = log_in(user)
            assert client.get(url()).status_code == 404
            assert client.post(url(), {"format": "csv", "columns": COLUMNS}).status_code == 404
            assert "Export…" not in client.get(LIST).content.decode()
        assert "Export…" in log_in(exporter).get(LIST).content.decode()


class TestExportOfChosen:
    def test_only_those_and_only_ones_own(self, log_in, exporter, people):
        pks = list(
            Signature.objects.filter(given_name__in=["José", "Foreign"]).values_list(
                "pk", flat=True
            )
        )
        client = log_in(exporter)
        assert "Exporting 1 signature." in client.get(chosen(client, id=pks)).text
        response = client.post(chosen(client, id=pks), {"format": "csv", "columns": COLUMNS})
        assert [row[1] for row in rows(response)[1:]] == ["José"]
        assert PetitionLogEntry.objects.get().data["filter"] == {"chosen": 2}

    def test_all_that_match(self, log_in, exporter, people):
        client = log_in(exporter)
        url = chosen(client, id="all", status="confirmed")
        response = client.post(url, {"format": "csv", "columns": COLUMNS})
        assert [row[1] for row in rows(response)[1:]] == ["Anna", "José"]

    def test_a_preset_keeps_what_is_ticked(self, log_in, exporter, people):
        preset = ColumnPreset.objects.create(user=exporter, name="Press", columns=["number"])
        client = log_in(exporter)
        pk = Signature.objects.get(given_name="Anna").pk
        html = client.get(chosen(client, id=[pk])).text
        assert f"id={pk}&amp;preset={preset.pk}" in html
        assert "Exporting 1 signature." in html

    def test_nothing_is_ticked(self, log_in, exporter, people):
        client = log_in(exporter)
        assert "Exporting 0 signatures." in client.get(chosen(client)).text


class TestSiteHistory:
    def test_shows_what_concerns_ones_petitions(
        self, log_in, exporter, superuser, people, other_page
    ):
        body(log_in(superuser).post(url(), {"format": "csv", "columns": COLUMNS}))
        registry.log(
            other_page.petition, "wagtail_petition.erase", user=superuser, data={"count": 3}
        )
        address = reverse("wagtailadmin_reports:site_history")
        html = log_in(exporter).get(address).content.decode()
        assert "Exported 3 signatures as CSV" in html
        assert "Open the archives" not in html
        html = log_in(superuser).get(address).content.decode()
        assert "Open the archives" in html
        assert "Erased: 3 signatures" in html
