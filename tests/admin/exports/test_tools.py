"""Files for other tools, in the form of exports."""

import pytest
from django.urls import reverse

from wagtail_petition.exports import run
from wagtail_petition.models import ColumnPreset, PetitionLogEntry, Signature, SignatureExport

EXPORT = reverse("petition_signatures:export")
HEADER = b"Email Address,First Name,Last Name,Tags\r\n"


@pytest.fixture
def client(log_in, exporter, make_signature):
    make_signature(email="yes@example.org", given_name="=Nina", wants_news=True)
    make_signature(email="no@example.org")
    return log_in(exporter)


def body(response):
    return b"".join(response.streaming_content)


def test_the_form_says_what_these_files_are_and_how_many_are_in_them(client):
    html = client.get(EXPORT).text
    assert "not for a spreadsheet" in html
    assert "2 signatures could be handed to another tool" in html
    assert "Opted in to updates: 1." in html
    assert "Include people who did not opt in to updates" in html


def test_a_tool_s_file_needs_no_columns_and_saves_none(client):
    response = client.post(EXPORT, {"format": "mailchimp", "preset_name": "Mine"})
    assert response["Content-Disposition"].startswith('attachment; filename="signatures-mailchimp-')
    assert body(response) == HEADER + (
        b"yes@example.org,=Nina,Moretti,Petition: Stop separating families\r\n"
    )
    assert not ColumnPreset.objects.exists()
    data = PetitionLogEntry.objects.get().data
    assert (data["format"], data["rows"], data["everyone"]) == ("mailchimp", 1, False)


def test_everyone_is_a_tick_that_not_every_tool_takes(client):
    data = {"format": "nationbuilder", "everyone": "on"}
    assert body(client.post(EXPORT, data)).count(b"@example.org") == 2
    response = client.post(EXPORT, {"format": "mailchimp", "everyone": "on"})
    assert "only people who opted in" in str(response.context["form"].errors)


def test_the_list_s_filters_apply(client):
    response = client.post(f"{EXPORT}?q=no@example.org", {"format": "mailchimp"})
    assert body(response) == HEADER


def test_other_formats_still_need_columns(client):
    response = client.post(EXPORT, {"format": "csv", "everyone": "on"})
    assert "columns" in response.context["form"].errors


def test_messages_are_in_the_file_only_if_asked_for(client):
    Signature.objects.update(message="For the children")
    assert b"children" not in body(client.post(EXPORT, {"format": "osdi"}))
    response = client.post(EXPORT, {"format": "osdi", "answers": "on"})
    assert response["Content-Type"] == "application/jsonl"
    assert b'"comments":"For the children"' in body(response)


def test_ticked_signatures_can_be_handed_over_too(client):
    bulk = reverse("wagtail_bulk_action", args=["wagtail_petition", "signature", "export"])
    page = client.get(f"{bulk}?id=all")["Location"]
    response = client.post(page, {"format": "mailchimp"})
    assert body(response).startswith(HEADER + b"yes@example.org")


@pytest.mark.parametrize("everyone", [False, True])
def test_a_large_file_is_made_in_the_background(client, monkeypatch, settings, tmp_path, everyone):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("wagtail_petition.exports.export.AT_ONCE", 1)
    monkeypatch.setattr("wagtail_petition.exports.parts.PART_BYTES", 1)
    monkeypatch.setattr("wagtail_petition.exports.writers.ROWS_AT_ONCE", 1)
    data = {"format": "nationbuilder", **({"everyone": "on"} if everyone else {})}
    response = client.post(EXPORT, data)
    run.work_off()
    made = SignatureExport.objects.get()
    assert (made.state, made.done, made.everyone) == ("ready", 1 + everyone, everyone)
    assert "NationBuilder (CSV)" in client.get(response["Location"]).text
    # Two parts are in a ZIP.
    download = client.get(f"{response['Location']}file/")
    assert body(download).startswith(b"PK" if everyone else b"email,")
    assert download["Content-Disposition"].endswith('.zip"' if everyone else '.csv"')
