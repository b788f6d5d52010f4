"""Download the file of an import, and its rows that can't be read."""

from pathlib import Path

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.imports.results import has_report
from wagtail_petition.imports import report
from wagtail_petition.storage import private_storage

from .base import GONE, ImportMixin


class DownloadView(ImportMixin, PetitionView):
    """Logs the download of the file, then returns it as it was added."""

    def get(self, request, *args, **kwargs):
        batch = self.batch
        try:
            if not batch.path:
                raise FileNotFoundError
            file = private_storage().open(batch.path)
        except FileNotFoundError:
            messages.error(request, GONE)
            return self.back()
        log(
            self.petition,
            "wagtail_petition.download_import",
            data={"import": batch.pk, "file": batch.file_name, "sha256": batch.sha256},
        )
        # An upload, which browsers must not show as a page of the site.
        response = FileResponse(
            file,
            as_attachment=True,
            filename=batch.file_name,
            content_type="application/octet-stream",
        )
        return _private(response)


class RejectedView(ImportMixin, PetitionView):
    """The rows that can't be read, as CSV. Corrected, they can be added as a new import."""

    def get(self, request, *args, **kwargs):
        if not has_report(self.batch) or self.batch.is_at_work:
            raise Http404
        try:
            chunks = report.rejected_csv(self.batch)
        except FileNotFoundError:
            messages.error(request, GONE)
            return self.back()
        response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
        name = f"{Path(self.batch.file_name).stem}-rejected.csv"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return _private(response)


def _private(response):
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response
