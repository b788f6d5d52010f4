"""Imports of large files: people who sign meanwhile don't wait, and no query reads everything."""

import pytest
from django.db import connection

from tests.imports.files import ACTION_NETWORK
from wagtail_petition.imports import processing
from wagtail_petition.ledger.duplicates import with_references
from wagtail_petition.models import Signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def paces(make_batch, monkeypatch):
    """Go through two chunks of a batch, with something done in each. Returns pauses and sizes."""
    now, pauses, sizes = [0.0], [], []
    monkeypatch.setattr(processing.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(processing.time, "sleep", pauses.append)
    batch = make_batch(ACTION_NETWORK.encode())

    def go(meanwhile):
        pace = processing._Pace(batch)
        for _chunk in range(2):
            sizes.append(pace.size)
            now[0] += 4
            meanwhile()
            pace.leave_time(4)
        return pauses, sizes

    return go


def test_an_import_pauses_while_people_sign(paces, make_signature):
    assert paces(make_signature) == ([4, 4], [processing.FEW, processing.FEW])


def test_an_import_does_not_pause_if_nobody_signs(paces):
    assert paces(lambda: None) == ([], [processing.FEW, processing.MANY])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's plans")
def test_many_references_are_found_with_their_index(make_signature):
    petition = make_signature().petition
    found = with_references(
        Signature.objects.filter(petition=petition), [f"R-{i}" for i in range(500)]
    )
    with connection.cursor() as cursor:
        # The table is small, so otherwise it would be read as a whole. Other indexes hold
        # every signature.
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "petition_sig_origin_ref" in found.order_by().explain()
