"""The actions of managers on one or many signatures. Each is a ``SignatureAction``."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.access.permissions import has_permission, policies
from wagtail_petition.access.petitions import User
from wagtail_petition.formats import number
from wagtail_petition.models import Signature
from wagtail_petition.models.petition import Petition

Status = Signature.Status


class SignatureAction:
    """A function of the ledger, with its texts in the admin.

    ``statuses`` are the statuses of eligible signatures. ``permission`` is the required action of
    the permission policy.
    """

    name = ""
    label: str | Promise = ""
    bulk_label: str | Promise = ""
    icon = ""
    permission = "change"
    statuses: tuple = ()
    explanation: str | Promise = ""
    asks_reason = True
    needs_reason = False
    # Whether the manager has to type the number of signatures, if there are many.
    asks_number = False
    is_serious = False

    def eligible(self, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        """The eligible signatures of ``queryset``."""
        return queryset.filter(status__in=self.statuses)

    def is_allowed(self, user: User, signature: Signature | None = None) -> bool:
        """Whether ``user`` has the permission for ``signature``, or for any if it is None."""
        if signature is None:
            return has_permission(user, self.permission)
        return policies[Signature].user_has_permission_for_instance(
            user, self.permission, signature
        )

    def can_act_on(self, signature: Signature) -> bool:
        """Whether ``signature`` is eligible."""
        return self.eligible(Signature.objects.filter(pk=signature.pk)).exists()

    def run(self, pks: list[int], petition: Petition) -> int:
        """Run the action on signatures of one petition. Returns how many were changed."""
        raise NotImplementedError

    def run_on(self, signature: Signature, reason: str = "") -> bool:
        """Run the action on one signature and log it. Returns whether anything changed."""
        with transaction.atomic():
            done = self.run([signature.pk], signature.petition)
            if done:
                log(signature, f"wagtail_petition.{self.name}", data=_data(reason=reason))
        return bool(done)

    def get_button_label(self, count: int) -> str | Promise:
        """The label of the button for ``count`` signatures."""
        return self.label

    def get_message(self, count: int) -> str:
        """The message after the action was run on ``count`` signatures."""
        raise NotImplementedError


def _data(**values):
    return {name: value for name, value in values.items() if value not in ("", None)}


class Resend(SignatureAction):
    """Send another confirmation email."""

    name = "resend"
    label = gettext_lazy("Resend confirmation email")
    bulk_label = gettext_lazy("Resend confirmation email to the selected signatures")
    icon = "mail"
    statuses = (Status.UNCONFIRMED,)
    explanation = gettext_lazy(
        "Sends a new confirmation link. Each address gets only a few emails a day."
    )
    asks_reason = False

    def run(self, pks: list[int], petition: Petition) -> int:
        found = self.eligible(Signature.objects.filter(petition=petition, pk__in=pks))
        return sum(ledger.send_confirmation_again(signature) for signature in found)

    def get_button_label(self, count: int) -> str:
        return ngettext("Resend %(count)s email", "Resend %(count)s emails", count) % {
            "count": number(count)
        }

    def get_message(self, count: int) -> str:
        return ngettext(
            "%(count)s email will be sent.", "%(count)s emails will be sent.", count
        ) % {"count": number(count)}


class Confirm(SignatureAction):
    """Confirm a signature without its link, if the signer's intention is known."""

    name = "confirm"
    label = gettext_lazy("Confirm manually")
    icon = "check"
    statuses = (Status.UNCONFIRMED,)
    explanation = gettext_lazy(
        "The signature will count as if the signer had followed the link. Only do this if the "
        "signer asked you to, and say how."
    )
    needs_reason = True

    def run(self, pks: list[int], petition: Petition) -> int:
        outcomes = [
            ledger.confirm(signature).outcome
            for signature in Signature.objects.filter(petition=petition, pk__in=pks)
        ]
        return outcomes.count(ledger.Outcome.CONFIRMED)

    def get_button_label(self, count: int) -> str:
        return ngettext(
            "Yes, confirm %(count)s signature", "Yes, confirm %(count)s signatures", count
        ) % {"count": number(count)}

    def get_message(self, count: int) -> str:
        return ngettext(
            "%(count)s signature confirmed.", "%(count)s signatures confirmed.", count
        ) % {"count": number(count)}


class Invalidate(SignatureAction):
    """Invalidate signatures that aren't genuine."""

    name = "invalidate"
    label = gettext_lazy("Invalidate")
    bulk_label = gettext_lazy("Invalidate the selected signatures")
    icon = "cross"
    statuses = (Status.CONFIRMED,)
    explanation = gettext_lazy(
        "Invalidated signatures don’t count and aren’t delivered. Their data is kept, so you can "
        "restore them."
    )
    is_serious = True

    def run(self, pks: list[int], petition: Petition) -> int:
        return ledger.invalidate(pks, petition=petition)

    def get_button_label(self, count: int) -> str:
        return ngettext(
            "Yes, invalidate %(count)s signature", "Yes, invalidate %(count)s signatures", count
        ) % {"count": number(count)}

    def get_message(self, count: int) -> str:
        return ngettext(
            "%(count)s signature invalidated.", "%(count)s signatures invalidated.", count
        ) % {"count": number(count)}


class Restore(SignatureAction):
    """Restore invalidated signatures."""

    name = "restore"
    label = gettext_lazy("Restore")
    bulk_label = gettext_lazy("Restore the selected signatures")
    icon = "undo"
    statuses = (Status.INVALIDATED,)
    explanation = gettext_lazy("Restored signatures count again under their original number.")

    def eligible(self, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        # Erased signatures can't be restored.
        return super().eligible(queryset).exclude(email_key=None, name_key="", anonymised_at=None)

    def run(self, pks: list[int], petition: Petition) -> int:
        return ledger.restore(pks, petition=petition)

    def get_button_label(self, count: int) -> str:
        return ngettext(
            "Yes, restore %(count)s signature", "Yes, restore %(count)s signatures", count
        ) % {"count": number(count)}

    def get_message(self, count: int) -> str:
        return ngettext(
            "%(count)s signature restored.", "%(count)s signatures restored.", count
        ) % {"count": number(count)}


class Erase(SignatureAction):
    """Erase the signers' data. The signatures no longer count."""

    name = "erase"
    label = gettext_lazy("Erase")
    bulk_label = gettext_lazy("Erase the selected signatures")
    icon = "bin"
    permission = "erase"
    statuses = (Status.UNCONFIRMED, Status.CONFIRMED, Status.INVALIDATED)
    explanation = gettext_lazy(
        "Permanently erases names, emails, messages and answers. The signatures no longer count. "
        "This can’t be undone."
    )
    needs_reason = True
    asks_number = True
    is_serious = True

    def eligible(self, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        # Typed by Django as a plain queryset.
        found: Any = super().eligible(queryset)
        return found.with_data()

    def run(self, pks: list[int], petition: Petition) -> int:
        found = Signature.objects.filter(petition=petition, pk__in=pks)
        pks = list(self.eligible(found).values_list("pk", flat=True))
        ledger.erase(pks, petition=petition)
        return len(pks)

    def get_button_label(self, count: int) -> str:
        return ngettext(
            "Yes, erase %(count)s signature", "Yes, erase %(count)s signatures", count
        ) % {"count": number(count)}

    def get_message(self, count: int) -> str:
        return ngettext("%(count)s signature erased.", "%(count)s signatures erased.", count) % {
            "count": number(count)
        }


class Withdraw(Erase):
    """Withdraw a signature for a signer who asked for it without using their link."""

    name = "withdraw"
    label = gettext_lazy("Erase on request")
    icon = "user"
    explanation = gettext_lazy(
        "Use this when a signer asks you to. Their data is permanently erased and their signature "
        "no longer counts. This can’t be undone."
    )
    # The reason is that the signer asked.
    needs_reason = False

    def run(self, pks: list[int], petition: Petition) -> int:
        found = self.eligible(Signature.objects.filter(petition=petition, pk__in=pks))
        signatures = list(found.select_related("petition"))
        for signature in signatures:
            ledger.withdraw(signature)
        return len(signatures)

    def get_message(self, count: int) -> str:
        return _("Signature erased.")


# For one signature, in the order of the buttons; for many, in the order of the list's footer.
SIGNATURE_ACTIONS = {
    action.name: action for action in (Resend(), Confirm(), Invalidate(), Restore(), Withdraw())
}
BULK_ACTIONS = [Invalidate(), Restore(), Resend(), Erase()]
