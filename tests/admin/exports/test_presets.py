"""The default columns of an export: saved ones, and never the email by default."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.admin.people import make_user
from wagtail_petition.admin.deliveries.what_form import WhatForm
from wagtail_petition.models import ColumnPreset, Delivery

EXPORT = reverse("petition_signatures:export")


def chosen(response):
    return response.context["form"]["columns"].initial


def send(client, *columns, **more):
    """Export columns. Returns the header of the file."""
    response = client.post(EXPORT, {"format": "csv", "columns": columns, **more})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return next(csv.reader(io.StringIO(text)))


@pytest.fixture
def client(log_in, exporter, make_signature):
    make_signature()
    return log_in(exporter)


def test_the_email_is_left_out_until_somebody_chooses_it(client):
    names = dict(client.get(EXPORT).context["form"].fields["columns"].choices)
    assert "email" in names
    assert "email" not in chosen(client.get(EXPORT))
    assert "given_name" in chosen(client.get(EXPORT))


def test_the_order_is_that_of_the_file(client):
    assert send(client, "email", "country", "number") == ["Email", "Country", "Number"]


def test_what_was_chosen_last_is_remembered(client, log_in, superuser):
    send(client, "email", "number")
    response = client.get(EXPORT)
    assert chosen(response) == ["email", "number"]
    assert [name for name, _label in response.context["form"].fields["columns"].choices][:2] == [
        "email",
        "number",
    ]
    assert "email" not in chosen(log_in(superuser).get(EXPORT))


def test_a_preset_has_a_name(client):
    send(client, "country", "number", preset_name="Press")
    send(client, "email")
    preset = ColumnPreset.objects.get(name="Press")
    html = client.get(EXPORT).text
    assert "Press" in html
    assert chosen(client.get(EXPORT, {"preset": preset.pk})) == ["country", "number"]
    send(client, "number", preset_name="Press")
    preset.refresh_from_db()
    assert preset.columns == ["number"]


def test_a_preset_can_be_shared_and_deleted_by_whose_it_is(client, log_in, page, exporter):
    send(client, "number", preset_name="Mine")
    send(client, "number", preset_name="Ours", is_shared="on")
    log_in(make_user("colleague", "view", "export", pages=[page]))
    html = client.get(EXPORT).text
    assert "Ours" in html
    assert "Mine" not in html
    client.post(EXPORT, {"delete_preset": ColumnPreset.objects.get(name="Ours").pk})
    assert ColumnPreset.objects.filter(name="Ours").exists()
    log_in(exporter)
    response = client.post(
        EXPORT, {"delete_preset": ColumnPreset.objects.get(name="Ours").pk}, follow=True
    )
    assert "Preset “Ours” deleted." in response.text
    assert not ColumnPreset.objects.filter(name="Ours").exists()


@pytest.mark.parametrize("preset", ["x", "9" * 30, "\x00", "-1"])
def test_a_preset_that_is_none(client, preset):
    assert client.get(f"{EXPORT}?{urlencode({'preset': preset})}").status_code == 200


def test_columns_that_are_gone_are_left_out(client, exporter):
    ColumnPreset.objects.create(user=exporter, columns=["fax", "number"])
    assert chosen(client.get(EXPORT)) == ["number"]


def test_deliveries_offer_presets_too(page, exporter):
    preset = ColumnPreset.objects.create(
        user=exporter, name="Press", columns=["number", "fax", "country"]
    )
    form = WhatForm(Delivery(petition=page.petition), [page], presets=[preset])
    assert (f"preset-{preset.pk}", "Press") in form.fields["preset"].choices
