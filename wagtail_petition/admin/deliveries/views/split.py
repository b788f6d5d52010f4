"""All parts of a split delivery: their overview, one manifest over them, and all of their files."""

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionView, petition_breadcrumbs
from wagtail_petition.admin.deliveries.details import describe_split
from wagtail_petition.delivery import manifest, parts, split_manifest
from wagtail_petition.formats import listed, number
from wagtail_petition.models import Delivery, DeliverySplit, Signature

# How many parts are on a page: all states of the United States.
PER_PAGE = 100


class SplitMixin:
    """A view of the split delivery with ``pk`` from the URL."""

    permission_model = Delivery
    header_icon = "mail"

    def setup(self, request, *args, **kwargs):
        self.split = get_object_or_404(DeliverySplit, pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.split.petition_id})
        self.split.petition = self.petition
        self.progress = parts.get_progress(self.split)

    def refuse(self, message):
        """Show an error on the overview."""
        messages.error(self.request, message)
        return redirect("petition_deliveries:split", self.split.pk)


class SplitView(SplitMixin, PetitionView):
    """The overview: each part with its recipient, signatures and state, and the total."""

    page_title = gettext_lazy("Split delivery")
    template_name = "wagtail_petition/admin/delivery_split.html"

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            *petition_breadcrumbs(self.petition),
            {"url": reverse("petition_deliveries:index"), "label": _("Deliveries")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs):
        deliveries = self.split.parts.defer("members").order_by("pk")
        paginator = Paginator(deliveries, PER_PAGE)
        # Counted already.
        paginator.count = self.progress.parts
        page = paginator.get_page(self.request.GET.get("p"))
        gone = parts.gone_from(self.split)
        may_download = can(self.request.user, "export", self.petition)
        return {
            **super().get_context_data(**kwargs),
            "split": self.split,
            "split_title": describe_split(self.split),
            "progress": self.progress,
            "states": describe_states(self.progress),
            "difference": describe_difference(self.split, self.progress),
            "page_obj": page,
            "elided_page_range": paginator.get_elided_page_range(page.number),
            "rows": [(delivery, gone.get(delivery.pk, 0)) for delivery in page],
            "outdated": describe_outdated(gone),
            "may_download": may_download,
            "offers_all": may_download and self.progress.is_complete and not gone,
            "has_deleted": parts.get_archives(self.split).filter(path="").exists(),
        }


def describe_states(progress):
    """How many parts are in which state, as text: "Ready: 50, Preparing: 6"."""
    return listed(
        f"{state.label}: {number(progress.states[state])}"
        for state in Delivery.State
        if state in progress.states
    )


def describe_difference(split, progress):
    """How the sum of the parts differs from the whole, and why. "" while parts are prepared."""
    missing = split.count - progress.signatures
    if not progress.is_complete:
        return ""
    if missing > 0:
        return ngettext(
            "%(count)s fewer than when it was split, because it no longer counted when the files "
            "were made, or its part was cancelled",
            "%(count)s fewer than when it was split, because they no longer counted when the files "
            "were made, or their part was cancelled",
            missing,
        ) % {"count": number(missing)}
    if missing < 0:
        return _(
            "%(count)s more than when it was split, because they changed before the files were made"
        ) % {"count": number(-missing)}
    return _("Equal to the whole")


def describe_outdated(gone):
    """How many parts must be rebuilt, as text, or ""."""
    if not gone:
        return ""
    return ngettext(
        "%(count)s part has signatures that no longer count. Open it and rebuild it without them.",
        "%(count)s parts have signatures that no longer count. Open and rebuild them.",
        len(gone),
    ) % {"count": number(len(gone))}


NOT_READY = gettext_lazy("Not all parts are ready yet.")


class SplitManifestView(SplitMixin, PetitionView):
    """Downloads the manifest over all parts. It names no signers."""

    def get(self, request, *args, **kwargs):
        if not self.progress.is_complete:
            return self.refuse(NOT_READY)
        return HttpResponse(
            manifest.as_bytes(split_manifest.make(self.split)),
            content_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="{split_manifest.NAME}"',
                "Cache-Control": "no-store, private",
            },
        )


class SplitDownloadView(SplitMixin, PetitionView):
    """Logs the download, then streams one ZIP file with those of all parts and the manifest."""

    action = "export"
    permission_model = Signature

    def get(self, request, *args, **kwargs):
        if not self.progress.is_complete:
            return self.refuse(NOT_READY)
        if gone := parts.gone_from(self.split):
            return self.refuse(describe_outdated(gone))
        archives = list(parts.get_archives(self.split))
        if not all(archive.path for archive in archives):
            return self.refuse(
                _("Files of some parts have been deleted. Download the others on their pages.")
            )
        name = f"split-delivery-{self.split.pk}.zip"
        log(
            self.petition,
            "wagtail_petition.download",
            data={"split": self.split.pk, "file": name, "rows": self.progress.signatures},
        )
        listing = manifest.as_bytes(split_manifest.make(self.split))
        return StreamingHttpResponse(
            parts.zip_chunks(archives, {split_manifest.NAME: listing}),
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store, private",
                "X-Content-Type-Options": "nosniff",
            },
        )
