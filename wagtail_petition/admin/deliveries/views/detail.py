"""One delivery with its contents, its files, and buttons for the next actions."""

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext_lazy

from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.deliveries.details import describe, describe_split
from wagtail_petition.admin.deliveries.history import get_history
from wagtail_petition.delivery import lifecycle, selection
from wagtail_petition.delivery.recipient_progress import get_steps, with_progress
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.formats import listed
from wagtail_petition.models import Delivery, DeliveryEmail

from .base import DeliveryMixin, is_outdated
from .recipient import may_share

State = Delivery.State


class DetailView(DeliveryMixin, PetitionView):
    """The contents of a delivery, its files, their downloads, and buttons for the next actions."""

    page_title = gettext_lazy("Delivery")
    is_own_page = True
    template_name = "wagtail_petition/admin/delivery.html"

    def post(self, request, *args, **kwargs):
        name = request.POST.get("action")
        if name not in ("try_again", "rebuild"):
            raise Http404
        if not can(request.user, "change", self.petition, Delivery):
            raise Http404
        return self.run(name)

    def get_context_data(self, **kwargs):
        delivery, user = self.delivery, self.request.user
        return {
            **super().get_context_data(**kwargs),
            "details": describe(delivery),
            "part_of": describe_split(delivery.split) if delivery.split else "",
            "files": delivery.files.all(),
            "may_download": can(user, "export", self.petition),
            "may_change": can(user, "change", self.petition, Delivery),
            "is_waiting": delivery.state == State.QUEUED,
            "withdrawn": selection.withdrawn_since(delivery) if delivery.members else [],
            "outdated": lifecycle.outdated(delivery) if is_outdated(delivery) else "",
            "codes": get_codes(delivery),
            "history": get_history(delivery),
            "may_erase": can(user, "erase", self.petition),
            "may_share": may_share(user, delivery),
            "links": get_links(delivery),
            "emails": delivery.emails.select_related("link", "queued", "reminder"),
            "steps": get_steps(with_progress(Delivery.objects.filter(pk=delivery.pk)).get()),
            "answers": delivery.acknowledgements.all(),
            "may_verify": delivery.files.exclude(path="").exists(),
        }


def get_links(delivery):
    """The links for the recipient, with when each was first opened and how many downloads."""
    links = delivery.recipient_links.annotate(
        is_emailed=Exists(DeliveryEmail.objects.filter(link=OuterRef("pk"))),
        opened_at=Min("visits__at"),
        downloads=Count("visits", filter=~Q(visits__file="")),
    )
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
