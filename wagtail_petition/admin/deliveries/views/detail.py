"""One delivery with its contents, its files, and buttons for the next actions."""

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.deliveries.details import describe, describe_split
from wagtail_petition.admin.deliveries.history import get_history
from wagtail_petition.delivery import corrections, lifecycle, selection
from wagtail_petition.delivery.recipient_progress import get_steps, with_progress
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.formats import listed
from wagtail_petition.models import Delivery, DeliveryEmail

from .base import DeliveryMixin, is_outdated
from .outcomes import find_place
from .recipient import may_share

State = Delivery.State


class DetailView(DeliveryMixin, PetitionView):
    """The contents of a delivery, its files, their downloads, and buttons for the next actions."""

    page_title = gettext_lazy("Delivery")
    is_own_page = True
    template_name = "wagtail_petition/admin/delivery.html"

    def post(self, request, *args, **kwargs):
        name = request.POST.get("action")
        if name not in ("try_again", "rebuild", "correct"):
            raise Http404
        if not can(request.user, "change", self.petition, Delivery):
            raise Http404
        return self.correct() if name == "correct" else self.run(name)

    def correct(self):
        """Start making the corrected files. Returns a redirect to the delivery."""
        try:
            with transaction.atomic():
                if corrections.make(self.delivery, user=self.request.user):
                    self.log("correct_delivery")
        except lifecycle.WrongState as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, _("The corrected files are being prepared."))
        return self.back()

    def get_context_data(self, **kwargs):
        delivery, user = self.delivery, self.request.user
        changes = corrections.find_changes(delivery)
        return {
            **super().get_context_data(**kwargs),
            "details": describe(delivery),
            "part_of": describe_split(delivery.split) if delivery.split else "",
            "files": delivery.files.all(),
            "may_download": can(user, "export", self.petition),
            "may_change": can(user, "change", self.petition, Delivery),
            "is_waiting": delivery.state == State.QUEUED
            or (changes is not None and changes.state == "preparing"),
            "withdrawn": selection.withdrawn_since(delivery) if delivery.members else [],
            "outdated": lifecycle.outdated(delivery) if is_outdated(delivery) else "",
            "codes": get_codes(delivery),
            "history": get_history(delivery),
            "may_erase": can(user, "erase", self.petition),
            "outcome": delivery.outcomes.last(),
            "may_write": find_place(self.petition, user) is not None,
            "may_share": may_share(user, delivery),
            "changes": changes,
            "links": get_links(delivery, changes),
            "emails": delivery.emails.select_related("link", "queued", "reminder"),
            "steps": get_steps(with_progress(Delivery.objects.filter(pk=delivery.pk)).get()),
            "answers": delivery.acknowledgements.all(),
            "may_verify": delivery.files.exclude(path="").exists(),
        }


def get_links(delivery, changes):
    """The links for the recipient: when first opened, how many downloads, and of which files.

    Each has its ``answer``. With ``changes``, ``earlier_at`` and ``corrected_at`` are when files
    that are out of date, and corrected ones, were downloaded last.
    """
    is_download = ~Q(visits__file="")
    has_files = ~Q(visits__manifest_sha256="")
    correction = changes.correction if changes else None
    of_now = Q(
        visits__is_corrected=True,
        visits__manifest_sha256=correction.manifest_sha256 if correction else "",
    )
    links = delivery.recipient_links.annotate(
        is_emailed=Exists(DeliveryEmail.objects.filter(link=OuterRef("pk"))),
        opened_at=Min("visits__at"),
        downloads=Count("visits", filter=is_download),
        earlier_at=Max("visits__at", filter=has_files & ~of_now),
        corrected_at=Max("visits__at", filter=has_files & of_now),
    )
    answers = {answer.link_id: answer for answer in delivery.acknowledgements.all()}
    for link in links:
        link.answer = answers.get(link.pk)
    return list(links)


def get_codes(delivery):
    """The signatures printed with codes, for the template: their count and the first of them."""
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
