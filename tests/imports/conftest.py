"""Importing files, as the admin and the command do it."""

import io

import pytest

from wagtail_petition import ledger
from wagtail_petition.imports import batches, mapping, run
from wagtail_petition.models import ImportBatch


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def make_batch(page):
    """A draft from the content of a file; arguments are fields of the batch, and ``options``."""

    def make(content, options=None, preset=None, columns=None, of=page, **fields):
        petition = ledger.ensure_petition(of)
        batch = batches.create(petition, io.BytesIO(content), "list.csv")
        inspection = batches.look_into(batch)
        proposed = mapping.propose(inspection, petition, preset)
        proposed.columns.update(columns or {})
        batch.mode = fields.get("mode", batch.mode)
        batches.describe(batch, inspection, proposed, mapping.Options(**(options or {})))
        batch.signed_text = ledger.get_or_create_text(of.get_text_to_sign())
        for name, value in fields.items():
            setattr(batch, name, value)
        batch.save()
        return batch

    return make


@pytest.fixture
def import_file(make_batch):
    """Import the content of a file. Returns the batch and what ``run.import_now`` says."""

    def do(content, **kwargs):
        batch = make_batch(content, **kwargs)
        assert batches.problems(batch) == []
        check = run.import_now(batch)
        assert batch.state == ImportBatch.State.DONE
        return batch, check

    return do
