"""Deliveries in the admin: the list, one delivery with its files, and what becomes of it."""

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import log

from wagtail_petition.access.permissions import can, has_permission, limit, policies
from wagtail_petition.admin.base import PetitionFormView, PetitionView
from wagtail_petition.admin.menu import menu_item
from wagtail_petition.admin.petitions.views import FigureColumn
from wagtail_petition.delivery import lifecycle, notifications, selection
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.writers import csv_chunks
from wagtail_petition.formats import listed
from wagtail_petition.models import Delivery, DeliveryFile, Petition, PetitionLogEntry, Signature
from wagtail_petition.storage import private_storage

from .create import CreateView
from .forms import HandoverForm

State = Delivery.State


class IndexView(generic.IndexView):
    """The deliveries of all petitions one may edit, the newest first."""

    model = Delivery
    page_title = gettext_lazy("Deliveries")
    header_icon = "mail"
    index_url_name = "petition_deliveries:index"
    index_results_url_name = "petition_deliveries:index_results"
    results_template_name = "wagtail_petition/admin/deliveries_results.html"
    permission_policy = policies[Delivery]
    any_permission_required = ["view", "add", "change"]
    default_ordering = "-pk"
    paginate_by = 20
    columns = [
        TitleColumn(
            "recipient",
            label=gettext_lazy("Recipient"),
            get_url=lambda each: reverse("petition_deliveries:detail", args=[each.pk]),
        ),
        Column("petition", label=gettext_lazy("Petition")),
        Column("get_state_display", label=gettext_lazy("Status")),
        FigureColumn("count", label=gettext_lazy("Signatures")),
        Column("delivered_on", label=gettext_lazy("Delivered on")),
        DateColumn("created_at", label=gettext_lazy("Created")),
    ]

    def get_base_queryset(self):
        deliveries = Delivery.objects.select_related("petition").defer("members")
        return limit(deliveries, self.request.user)

    def get_valid_orderings(self):
        return [*super().get_valid_orderings(), "-pk"]

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        petitions = Petition.objects.none()
        if has_permission(self.request.user, "add", Delivery):
            petitions = limit(Petition.objects.all(), self.request.user, "pk")
        return {**context, "petitions": petitions[:50]}


class DeliveryMixin:
    """A view of one delivery, named by ``pk`` in the address."""

    permission_model = Delivery
    header_icon = "mail"

    def setup(self, request, *args, **kwargs):
        self.delivery = get_object_or_404(Delivery, pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.delivery.petition_id})
        self.delivery.petition = self.petition

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "delivery": self.delivery}

    # What can be done with a delivery that was not handed over, and what is said then.
    ACTS = {
        "cancel": (
            lifecycle.cancel,
            gettext_lazy("Delivery cancelled. Its files have been deleted."),
        ),
        "try_again": (
            lifecycle.try_again,
            gettext_lazy("Retry started. The delivery is being prepared."),
        ),
        "rebuild": (
            lifecycle.rebuild,
            gettext_lazy("Rebuild started. The delivery is being prepared."),
        ),
    }

    def act(self, name):
        """Do it and log it, or say why it can't be done; and go back to the delivery."""
        act, message = self.ACTS[name]
        try:
            with transaction.atomic():
                act(self.delivery)
                log(
                    self.petition,
                    f"wagtail_petition.{name}_delivery",
                    data={"delivery": self.delivery.pk, "recipient": self.delivery.recipient},
                )
        except lifecycle.WrongState as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, message)
        return self.back()

    def back(self):
        return redirect("petition_deliveries:detail", self.delivery.pk)


class DetailView(DeliveryMixin, PetitionView):
    """What is in it, its files, who took them, and the buttons for what is next."""

    page_title = gettext_lazy("Delivery")
    template_name = "wagtail_petition/admin/delivery.html"

    def post(self, request, *args, **kwargs):
        name = request.POST.get("act")
        if name not in ("try_again", "rebuild"):
            raise Http404
        if not can(request.user, "change", self.petition, Delivery):
            raise Http404
        return self.act(name)

    def get_context_data(self, **kwargs):
        delivery, user = self.delivery, self.request.user
        downloads = PetitionLogEntry.objects.filter(
            petition=self.petition,
            action="wagtail_petition.download",
            data__delivery=delivery.pk,
        )
        return {
            **super().get_context_data(**kwargs),
            "files": delivery.files.all(),
            "may_download": can(user, "export", self.petition),
            "may_change": can(user, "change", self.petition, Delivery),
            "is_waiting": delivery.state == State.QUEUED,
            "withdrawn": selection.withdrawn_since(delivery) if delivery.members else [],
            "outdated": lifecycle.outdated(delivery) if is_outdated(delivery) else "",
            "codes": get_codes(delivery),
            "downloads": downloads.select_related("user")[:50],
        }


def get_codes(delivery):
    """Where signatures were printed with codes: how many, the first of them, whether there are more."""
    codes = delivery.printed_as_codes
    first = codes.get("first", [])
    fields = get_signature_resource(petitions=[delivery.petition]).fields if first else {}
    labels = {name: str(field.column_name) for name, field in fields.items()}
    rows = [(number, listed(labels.get(name, name) for name in names)) for number, names in first]
    return {
        "count": codes.get("count", 0),
        "first": rows,
        "more": codes.get("count", 0) > len(rows),
    }


def is_outdated(delivery):
    """Whether a delivery that is ready holds somebody who does not count any more."""
    return delivery.state == State.READY and bool(selection.gone_since(delivery))


class CancelView(DeliveryMixin, PetitionView):
    """Asks whether to delete a delivery's files and cancel it, and does it."""

    action = "change"
    page_title = gettext_lazy("Delete files and cancel")
    template_name = "wagtail_petition/admin/delivery_cancel.html"

    def get(self, request, *args, **kwargs):
        if self.delivery.state not in lifecycle.CANCELLABLE:
            messages.error(request, lifecycle.OVER)
            return self.back()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.act("cancel")


class HandoverView(DeliveryMixin, PetitionFormView):
    """Says that a delivery was handed over, which locks it."""

    action = "change"
    page_title = gettext_lazy("Mark as delivered")
    form_class = HandoverForm
    submit_button_label = gettext_lazy("Mark as delivered")
    template_name = "wagtail_petition/admin/delivery_handover.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if self.delivery.state != State.READY:
            raise Http404

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "gone": len(selection.gone_since(self.delivery)),
            "notified": notifications.count(self.delivery),
        }

    def get_context_data(self, **kwargs):
        outdated = lifecycle.outdated(self.delivery) if is_outdated(self.delivery) else ""
        return {**super().get_context_data(**kwargs), "outdated": outdated}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            with transaction.atomic():
                lifecycle.mark_delivered(self.delivery, **form.cleaned_data)
                log(
                    self.petition,
                    "wagtail_petition.mark_delivered",
                    data={
                        "delivery": self.delivery.pk,
                        "recipient": self.delivery.recipient,
                        "sha256": self.delivery.manifest_sha256,
                    },
                )
        except lifecycle.WrongState as error:
            messages.error(request, str(error))
        else:
            messages.success(request, self.get_success_message(form))
        return self.back()

    def get_success_message(self, form):
        """What to say once it is done, with how many will hear of it."""
        if not form.cleaned_data["tells_signers"]:
            return _("Delivery marked as delivered.")
        count = notifications.count(self.delivery)
        return ngettext(
            "Delivery marked as delivered. %(count)s signer will be notified.",
            "Delivery marked as delivered. %(count)s signers will be notified.",
            count,
        ) % {"count": localize(count)}


class FileView(DeliveryMixin, PetitionView):
    """Gives a file that belongs to a delivery, once the log has it."""

    action = "export"
    permission_model = Signature

    def hand_out(self, path, name, **data):
        """The file at ``path`` as a download. If the log can't be written, there is none."""
        log(
            self.petition,
            "wagtail_petition.download",
            data={"delivery": self.delivery.pk, "file": name, **data},
        )
        response = FileResponse(
            private_storage().open(path),
            as_attachment=True,
            filename=name,
            # A receipt was uploaded by somebody: no browser is to take it for a page of ours.
            content_type="application/octet-stream",
        )
        response["Cache-Control"] = "no-store, private"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class DownloadView(FileView):
    """Gives one of the files that were made."""

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
    """Gives the receipt that was uploaded when the delivery was handed over."""

    def get(self, request, *args, **kwargs):
        if not self.delivery.receipt:
            raise Http404
        return self.hand_out(self.delivery.receipt, self.delivery.receipt_name)


class CorrectionsView(DeliveryMixin, PetitionView):
    """The numbers that were delivered and don't count any more, for the recipient."""

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


class DeliveryViewSet(ViewSet):
    """Deliveries."""

    name = "petition_deliveries"
    menu_label = gettext_lazy("Deliveries")
    icon = "mail"
    menu_order = 250
    menu_item_class = menu_item("view", Delivery)

    def get_urlpatterns(self):
        return [
            path("", IndexView.as_view(), name="index"),
            path("results/", IndexView.as_view(results_only=True), name="index_results"),
            path("new/<int:pk>/", CreateView.as_view(), name="add"),
            path("<int:pk>/", DetailView.as_view(), name="detail"),
            path("<int:pk>/cancel/", CancelView.as_view(), name="cancel"),
            path("<int:pk>/delivered/", HandoverView.as_view(), name="handover"),
            path("<int:pk>/corrections/", CorrectionsView.as_view(), name="corrections"),
            path("<int:pk>/receipt/", ReceiptView.as_view(), name="receipt"),
            path("<int:pk>/files/<int:file>/", DownloadView.as_view(), name="download"),
        ]
