"""Download the files of a delivery, its receipts, and the list of corrections; verify the files."""

from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.delivery import corrections, lifecycle, verify
from wagtail_petition.models import DeliveryFile, Signature
from wagtail_petition.storage import private_storage

from .base import DeliveryMixin, is_outdated
from .notes import NoteMixin


class FileView(DeliveryMixin, PetitionView):
    """Logs a download, then returns the file."""

    action = "export"
    permission_model = Signature

    def hand_out(self, path, name, **data):
        """Log the download and return the file at ``path``. If logging fails, there is no file."""
        self.log("download", file=name, **data)
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
    """Downloads one of the delivery's files, or of its corrected files."""

    def get(self, request, *args, file, **kwargs):
        own = Q(delivery=self.delivery) | Q(delivery__corrects=self.delivery)
        found = DeliveryFile.objects.filter(own, pk=file).select_related("delivery").first()
        if found is None:
            raise Http404
        if not found.path:
            messages.error(request, _("This file has been deleted. The record of it is kept."))
            return self.back()
        if is_outdated(found.delivery):
            messages.error(request, lifecycle.outdated(found.delivery))
            return self.back()
        return self.hand_out(found.path, found.name, rows=found.delivery.count, sha256=found.sha256)


class ReceiptView(FileView):
    """Downloads the receipt that was uploaded when the delivery was handed over."""

    def get(self, request, *args, **kwargs):
        if not self.delivery.receipt:
            raise Http404
        return self.hand_out(self.delivery.receipt, self.delivery.receipt_name)


class NoteReceiptView(NoteMixin, FileView):
    """Downloads a receipt that was added after the delivery was handed over."""

    def get(self, request, *args, **kwargs):
        if not self.note.receipt:
            # Also once it was erased.
            raise Http404
        return self.hand_out(self.note.receipt, self.note.receipt_name)


class VerifyView(DeliveryMixin, PetitionView):
    """Checks the ZIP file against its manifest and the ledger, as ``verify_delivery`` does."""

    page_title = gettext_lazy("Verify files")
    template_name = "wagtail_petition/admin/delivery_verify.html"

    def get(self, request, *args, **kwargs):
        try:
            findings = verify.check_delivery(self.delivery)
        except FileNotFoundError:
            messages.error(request, _("There are no files to verify."))
            return self.back()
        failed = sum(not finding.holds for finding in findings)
        context = self.get_context_data(findings=findings, failed=failed)
        return self.render_to_response(context)


class CorrectionsView(DeliveryMixin, PetitionView):
    """The delivered numbers that no longer count, as a list for the recipient."""

    action = "view"

    def get(self, request, *args, **kwargs):
        response = HttpResponse(
            b"".join(corrections.numbers_csv(self.delivery)),
            content_type="text/csv; charset=utf-8",
        )
        response["Content-Disposition"] = (
            f'attachment; filename="corrections-{self.delivery.pk}.csv"'
        )
        response["Cache-Control"] = "no-store, private"
        return response
