"""Preview modes of a petition page."""

from collections.abc import Mapping
from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from wagtail_petition.clock import local_date
from wagtail_petition.forms.sign import SignForm
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.terms import Terms


class PetitionPreviews:
    """Preview modes that show what people see at each stage of the petition.

    A mode changes a copy of the terms, which is never saved.
    """

    if TYPE_CHECKING:
        # Attributes of the page.
        @cached_property
        def petition(self) -> Petition: ...

        @cached_property
        def terms(self) -> Terms: ...

        @cached_property
        def deliveries(self) -> list[Delivery]: ...

        def get_sign_form(self, data: Mapping[str, Any] | None = None) -> SignForm: ...

        @property
        def to(self) -> list[Mapping[str, Any]]: ...

    # The modes that show a step of signing instead of the page.
    preview_steps = ("sent", "signed")
    # The modes that show an email, by its kind.
    preview_emails = {
        "email_confirm": OutgoingEmail.Kind.CONFIRM,
        "email_reminder": OutgoingEmail.Kind.REMINDER,
        "email_receipt": OutgoingEmail.Kind.RECEIPT,
        "email_moved": OutgoingEmail.Kind.MOVED,
    }

    @property
    def preview_modes(self) -> list[tuple[str, str | Promise]]:
        """The modes with their names. You can override this method to offer others."""
        return [
            ("", _("Default")),
            ("open", _("Open")),
            ("errors", _("Form with errors")),
            ("sent", _("After signing")),
            ("signed", _("After confirming")),
            ("upcoming", _("Upcoming")),
            ("closed", _("Closed")),
            ("delivered", _("Delivered")),
            *[
                (mode, format_lazy(_("Email: {kind}"), kind=kind.label))
                for mode, kind in self.preview_emails.items()
            ],
        ]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str | list[str]:
        """The template of the step of signing, or the page's own."""
        if mode_name in self.preview_steps:
            return f"wagtail_petition/{mode_name}.html"
        if mode_name in self.preview_emails:
            return "wagtail_petition/admin/email_preview.html"
        return super().get_preview_template(request, mode_name)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The page's context, changed for the mode."""
        if prepare := getattr(self, f"_preview_{mode_name}", None):
            prepare()
        context = super().get_preview_context(request, mode_name)
        if mode_name == "errors":
            context["form"] = context["bound_form"] = self.get_sign_form({})
        elif mode_name == "sent":
            context["signature"] = Signature(email="anna@example.org")
        elif mode_name in self.preview_emails:
            context["email_kind"] = self.preview_emails[mode_name]
        elif mode_name == "signed":
            context["number"] = self.petition.last_number + 1
        return context

    def _change_terms(self, **changes: Any) -> None:
        self.terms = copy(self.terms)
        for name, value in changes.items():
            setattr(self.terms, name, value)

    def _preview_open(self):
        closes_at = self.terms.closes_at
        is_over = closes_at and closes_at <= timezone.now()
        self._change_terms(opens_at=None, closes_at=None if is_over else closes_at)

    _preview_errors = _preview_open

    def _preview_upcoming(self):
        now = timezone.now()
        opens_at = self.terms.opens_at
        if not opens_at or opens_at <= now:
            self._change_terms(opens_at=now + timedelta(days=7))

    def _preview_closed(self):
        now = timezone.now()
        closes_at = self.terms.closes_at
        if not closes_at or closes_at > now:
            closes_at = now - timedelta(days=1)
        self._change_terms(opens_at=None, closes_at=closes_at)

    def _preview_delivered(self):
        self._preview_closed()
        names = [recipient.get("name") for recipient in self.to if recipient.get("name")]
        self.deliveries = self.deliveries or [
            Delivery(
                recipient=names[0] if names else "Maria Rossi",
                count=self.petition.signature_count,
                delivered_on=local_date(),
            )
        ]
