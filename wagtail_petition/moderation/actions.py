"""What a manager can do with signatures, one at a time or many: each is a ``SignatureAction``."""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.access.permissions import has_permission, policies
from wagtail_petition.formats import number
from wagtail_petition.models import Signature

Status = Signature.Status


class SignatureAction:
    """One act of the ledger, and what people read about it.

    ``statuses`` are those of the signatures it can be done with, ``permission`` what one must
    be allowed to.
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
    # Whether the number of signatures is typed to confirm it, when they are many.
    asks_number = False
    is_serious = False

    def eligible(self, queryset):
        """Those of ``queryset`` that it can be done with."""
        return queryset.filter(status__in=self.statuses)

    def is_allowed(self, user, signature=None):
        """Whether ``user`` may do it: with ``signature``, or else with any at all."""
        if signature is None:
            return has_permission(user, self.permission)
        return policies[Signature].user_has_permission_for_instance(
            user, self.permission, signature
        )

    def can_act_on(self, signature):
        """Whether it can be done with ``signature`` as it is."""
        return self.eligible(Signature.objects.filter(pk=signature.pk)).exists()

    def run(self, pks, petition):
        """Do it with signatures of one petition. Returns how many it was done with."""
        raise NotImplementedError

    def act(self, signature, reason=""):
        """Do it with one signature and log it. Returns whether anything was done."""
        with transaction.atomic():
            done = self.run([signature.pk], signature.petition)
            if done:
                log(signature, f"wagtail_petition.{self.name}", data=_data(reason=reason))
        return bool(done)

    def get_button_label(self, count):
        """What the button says that does it with so many."""
        return self.label

    def get_message(self, count):
        """What to say once it is done."""
        raise NotImplementedError


def _data(**values):
    return {name: value for name, value in values.items() if value not in ("", None)}


class Resend(SignatureAction):
    """Send another mail with a link to confirm."""

    name = "resend"
    label = gettext_lazy("Resend confirmation email")
    bulk_label = gettext_lazy("Resend confirmation email to the selected signatures")
    icon = "mail"
    statuses = (Status.UNCONFIRMED,)
    explanation = gettext_lazy(
        "Sends a new confirmation link. Each address gets only a few emails a day."
    )
    asks_reason = False

    def run(self, pks, petition):
        found = self.eligible(Signature.objects.filter(petition=petition, pk__in=pks))
        return sum(ledger.send_confirmation_again(signature) for signature in found)

    def get_button_label(self, count):
        return ngettext("Resend %(count)s email", "Resend %(count)s emails", count) % {
            "count": number(count)
        }

    def get_message(self, count):
        return ngettext(
            "%(count)s email will be sent.", "%(count)s emails will be sent.", count
        ) % {"count": number(count)}


class Confirm(SignatureAction):
    """Confirm without the link, for somebody whose intention is known otherwise."""

    name = "confirm"
    label = gettext_lazy("Confirm manually")
    icon = "check"
    statuses = (Status.UNCONFIRMED,)
    explanation = gettext_lazy(
        "The signature will count as if the signer had followed the link. Only do this if the "
        "signer asked you to, and say how."
    )
    needs_reason = True

    def run(self, pks, petition):
        outcomes = [
            ledger.confirm(signature).outcome
            for signature in Signature.objects.filter(petition=petition, pk__in=pks)
        ]
        return outcomes.count(ledger.Outcome.CONFIRMED)

    def get_button_label(self, count):
        return ngettext(
            "Yes, confirm %(count)s signature", "Yes, confirm %(count)s signatures", count
        ) % {"count": number(count)}

    def get_message(self, count):
        return ngettext(
            "%(count)s signature confirmed.", "%(count)s signatures confirmed.", count
        ) % {"count": number(count)}


class Invalidate(SignatureAction):
    """Invalidate what is not a person's honest signature."""

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

    def run(self, pks, petition):
        return ledger.invalidate(pks, petition=petition)

    def get_button_label(self, count):
        return ngettext(
            "Yes, invalidate %(count)s signature", "Yes, invalidate %(count)s signatures", count
        ) % {"count": number(count)}

    def get_message(self, count):
        return ngettext(
            "%(count)s signature invalidated.", "%(count)s signatures invalidated.", count
        ) % {"count": number(count)}


class Restore(SignatureAction):
    """Take back an invalidation."""

    name = "restore"
    label = gettext_lazy("Restore")
    bulk_label = gettext_lazy("Restore the selected signatures")
    icon = "undo"
    statuses = (Status.INVALIDATED,)
    explanation = gettext_lazy("Restored signatures count again under their original number.")

    def eligible(self, queryset):
        # Who had their data erased meanwhile wanted to be gone, and stays so.
        return super().eligible(queryset).exclude(email_key=None, anonymised_at=None)

    def run(self, pks, petition):
        return ledger.restore(pks, petition=petition)

    def get_button_label(self, count):
        return ngettext(
            "Yes, restore %(count)s signature", "Yes, restore %(count)s signatures", count
        ) % {"count": number(count)}

    def get_message(self, count):
        return ngettext(
            "%(count)s signature restored.", "%(count)s signatures restored.", count
        ) % {"count": number(count)}


class Erase(SignatureAction):
    """Erase the persons' data; what counted counts no more."""

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

    def eligible(self, queryset):
        return super().eligible(queryset).exclude(email_key=None)

    def run(self, pks, petition):
        found = Signature.objects.filter(petition=petition, pk__in=pks)
        pks = list(self.eligible(found).values_list("pk", flat=True))
        ledger.erase(pks, petition=petition)
        return len(pks)

    def get_button_label(self, count):
        return ngettext(
            "Yes, erase %(count)s signature", "Yes, erase %(count)s signatures", count
        ) % {"count": number(count)}

    def get_message(self, count):
        return ngettext("%(count)s signature erased.", "%(count)s signatures erased.", count) % {
            "count": number(count)
        }


class Withdraw(Erase):
    """Withdraw for somebody who asked for it in another way than by their link."""

    name = "withdraw"
    label = gettext_lazy("Erase on request")
    icon = "user"
    explanation = gettext_lazy(
        "Use this when a signer asks you to. Their data is permanently erased and their signature "
        "no longer counts. This can’t be undone."
    )
    # That they asked for it is the reason.
    needs_reason = False

    def run(self, pks, petition):
        found = self.eligible(Signature.objects.filter(petition=petition, pk__in=pks))
        signatures = list(found.select_related("petition"))
        for signature in signatures:
            ledger.withdraw(signature)
        return len(signatures)

    def get_message(self, count):
        return _("Signature erased.")


# With one signature, in the order of its buttons; with many, in that of the list's foot.
SIGNATURE_ACTIONS = {
    verb.name: verb for verb in (Resend(), Confirm(), Invalidate(), Restore(), Withdraw())
}
BULK_ACTIONS = [Invalidate(), Restore(), Resend(), Erase()]
