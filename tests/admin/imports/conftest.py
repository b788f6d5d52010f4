"""An importer, and the steps of adding an import as posted by a browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.admin.people import make_user
from wagtail_petition.imports.mapping import headings_sha256
from wagtail_petition.models import ImportBatch


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def importer(page):
    """May see and import signatures of ``page``."""
    return make_user("importer", "view", "import", pages=[page])


class Wizard:
    """A person who adds an import, step by step."""

    def __init__(self, client):
        self.client = client

    def url(self, name, *args):
        return reverse(f"petition_imports:{name}", args=args)

    def add(self, content, name="list.csv", **data):
        """Choose a file. Returns the response."""
        file = SimpleUploadedFile(name, content)
        return self.client.post(self.url("add"), {"file": file, **data})

    def batch(self):
        return ImportBatch.objects.latest("pk")

    def columns_data(self, **changes):
        """The form of the columns as it is shown, with ``changes`` by field or heading."""
        response = self.client.get(self.url("columns", self.batch().pk))
        layout, form = response.context["layout_form"], response.context["form"]
        data = {
            field.html_name: "" if (value := field.value()) in (None, False) else value
            for field in [*layout, *form]
        }
        headings = form.inspection.headings
        assert data["headings"] == headings_sha256(headings)
        for name, value in changes.items():
            key = f"column-{headings.index(name)}" if name in headings else name
            data[key] = value
        return data

    def columns(self, step="next", **changes):
        data = self.columns_data(**changes)
        return self.client.post(self.url("columns", self.batch().pk), {**data, "step": step})

    def text_data(self, **changes):
        response = self.client.get(self.url("text", self.batch().pk))
        form = response.context["form"]
        data = {field.html_name: field.value() or "" for field in form}
        data["signed_text"] = data["signed_text"] or next(iter(form.texts))
        return {**data, **changes}

    def text(self, **changes):
        return self.client.post(self.url("text", self.batch().pk), self.text_data(**changes))

    def start_data(self):
        """The form of the last step as it is shown."""
        shown = self.client.get(self.url("check", self.batch().pk))
        return {"action": "import", "choices": shown.context and shown.context["choices"]}

    def start(self, data=None):
        data = data or self.start_data()
        return self.client.post(self.url("check", self.batch().pk), data)

    def import_(self, content, *, columns=None, **text):
        """All steps with what they offer. Returns the batch."""
        assert self.add(content).status_code == 302
        assert self.columns(**(columns or {})).status_code == 302
        if self.batch().mode != ImportBatch.Mode.NO_EMAILS:
            response = self.text(**text)
            assert response.status_code == 302, response.context["form"].errors
        assert self.start().status_code == 302
        batch = self.batch()
        assert batch.state == ImportBatch.State.DONE, batch.error
        return batch


@pytest.fixture
def wizard(log_in, importer):
    return Wizard(log_in(importer))
