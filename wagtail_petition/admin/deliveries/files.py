"""Download the files of a delivery, its receipt, and the list of corrections."""

from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.delivery import lifecycle, selection
from wagtail_petition.exports.writers import csv_chunks
from wagtail_petition.models import DeliveryFile, Signature
from wagtail_petition.storage import private_storage

from .base import DeliveryMixin, is_outdated


class FileView(DeliveryMixin, PetitionView):
    """Logs a download, then returns the file."""

    action = "export"
    permission_model = Signature

    def hand_out(self, path, name, **data):
        """Log the download and return the file at ``path``. If logging fails, there is no file."""
        log(
            self.petition,
            "wagtail_petition.download",
            data={"delivery": self.delivery.pk, "file": name, **data},
        )
        response = FileResponse(
            private_storage().open(path),
            as_attachment=True,
            filename=name,
            # A receipt is an upload, which browsers must not show as a page of the site.
            content_type="application/octet-stream",
        )
        response["Cache-Control"] = "no-store, private"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class DownloadView(FileView):
    """Downloads one of the delivery's files."""

    def get(self, request, *args, file, **kwargs):
        found = DeliveryFile.objects.filter(delivery=self.delivery, pk=file).first()
        if found is None:
            raise Http404
        if not found.path:
            messages.error(request, _("This file has been deleted. The record of it is kept."))
            return self.back()
        if is_outdated(self.delivery):
            messages.error(request, lifecycle.outdated(self.delivery))
            return self.back()
        return self.hand_out(found.path, found.name, rows=self.delivery.count, sha256=found.sha256)


class ReceiptView(FileView):
    """Downloads the receipt that was uploaded when the delivery was handed over."""

    def get(self, request, *args, **kwargs):
        if not self.delivery.receipt:
            raise Http404
        return self.hand_out(self.delivery.receipt, self.delivery.receipt_name)


class CorrectionsView(DeliveryMixin, PetitionView):
    """The delivered numbers that no longer count, as a list for the recipient."""

    action = "view"

    def get(self, request, *args, **kwargs):
        numbers = selection.withdrawn_since(self.delivery) if self.delivery.members else []
        rows = ([number] for number in numbers)
        response = HttpResponse(
            b"".join(csv_chunks([_("Withdrawn signature number")], rows)),
            content_type="text/csv; charset=utf-8",
        )
        response["Content-Disposition"] = (
            f'attachment; filename="corrections-{self.delivery.pk}.csv"'
        )
        response["Cache-Control"] = "no-store, private"
        return response
