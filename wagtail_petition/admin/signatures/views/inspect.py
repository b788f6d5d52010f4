"""The inspect view of a signature."""

from typing import NamedTuple

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views import generic
from wagtail.log_actions import registry as log_registry

from wagtail_petition.access.permissions import can, has_permission, limit
from wagtail_petition.admin.base import (
    petition_breadcrumbs,
    signature_title,
    signatures_url,
)
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.formats import language_name
from wagtail_petition.home.describe import describe_home
from wagtail_petition.models import Origin, Signature

from .actions import action_buttons


class Event(NamedTuple):
    """An event in the history of a signature."""

    at: object
    what: str
    who: str = ""
    why: str = ""


def _tells(entries, moment, *actions):
    """Whether the log's ``entries`` hold one of ``actions`` since ``moment``, a date of the row.

    The entry is written just after the row, in the same transaction.
    """
    names = {f"wagtail_petition.{action}" for action in actions}
    return any(entry.action in names and entry.timestamp >= moment for entry in entries)


class SignatureInspectView(HelpMixin, generic.InspectView):
    """A signature: the signer's data, the text signed, its history, and its emails."""

    any_permission_required = ["view"]
    template_name = "wagtail_petition/admin/signature_inspect.html"
    page_title = gettext_lazy("Signature")

    def get_object(self, queryset=None):
        if not has_permission(self.request.user, "view"):
            raise Http404
        signatures = Signature.objects.select_related(
            "petition", "signed_text", "invalidation", "batch"
        )
        return get_object_or_404(limit(signatures, self.request.user), pk=self.pk)

    def get_page_subtitle(self):
        return signature_title(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            *petition_breadcrumbs(self.object.petition),
            {"url": signatures_url(self.object.petition), "label": _("Signatures")},
            {"url": "", "label": str(self.object), "sublabel": self.page_title},
        ]

    def get_fields(self):
        return []

    def get_edit_url(self):
        return None

    get_delete_url = get_edit_url

    header_more_buttons = []

    def get_facts(self):
        """The signer's data: (label, value) pairs, without empty ones."""
        signature = self.object
        facts = [
            (_("Email"), signature.email),
            (_("Email status"), self.get_email_state(signature)),
            (_("Country"), signature.country.name),
            (_("Postcode"), signature.postcode),
            (_("City"), signature.city),
            (_("State or region"), signature.region_name),
            *describe_home(signature),
            (_("Message"), signature.message),
            *signature.signed_text.describe(signature.answers),
            *self.get_origin(signature),
        ]
        return [(label, value) for label, value in facts if value not in ("", None)]

    def get_email_state(self, signature):
        """What is wrong with the address, or "" if nothing is known."""
        is_ok = signature.email_state == Signature.EmailState.OK
        return "" if is_ok else signature.get_email_state_display()

    def get_origin(self, signature):
        """The origin and reference of a signature from elsewhere: (label, value) pairs."""
        if signature.batch is None and signature.origin == Origin.WEB:
            return []
        return [
            (_("Origin"), signature.get_origin_display()),
            (_("Reference"), signature.origin_ref),
            (_("Import"), self.get_import(signature)),
        ]

    def get_import(self, signature):
        """The import that the signature came with: its name, linked for those who may see it."""
        batch = signature.batch
        if batch is None or not can(self.request.user, "import", batch.petition):
            return str(batch or "")
        url = reverse("petition_imports:detail", args=[batch.pk])
        return format_html('<a href="{}">{}</a>', url, batch)

    def get_events(self):
        """The events of the signature in order, from its own dates and from the log."""
        signature = self.object
        entries = list(log_registry.get_logs_for_instance(signature).select_related("user"))
        events = [Event(signature.signed_at, _("Signed"))]
        if signature.confirmed_at and not _tells(entries, signature.confirmed_at, "confirm"):
            events.append(Event(signature.confirmed_at, _("Confirmed")))
        if signature.ended_at and not _tells(
            entries, signature.ended_at, "invalidate", "withdraw", "erase"
        ):
            why = str(signature.invalidation or "")
            events.append(Event(signature.ended_at, signature.get_status_display(), why=why))
        if signature.anonymised_at:
            events.append(Event(signature.anonymised_at, _("Anonymised")))
        for entry in entries:
            events.append(
                Event(entry.timestamp, entry.message, entry.user_display_name, entry.comment)
            )
        return sorted(events, key=lambda event: event.at)

    def get_context_data(self, **kwargs):
        events = self.get_events()
        return {
            **super().get_context_data(**kwargs),
            "signature": self.object,
            "language": language_name(self.object.language),
            "facts": self.get_facts(),
            "events": events,
            # A signer's own acts have no user.
            "shows_users": any(event.who for event in events),
            "mails": self.object.emails.select_related("update").order_by("pk"),
            "buttons": action_buttons(self.request.user, self.object),
        }
