"""The messages of our log entries in the site's history."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from wagtail_petition.exports.tools import describe_format
from wagtail_petition.formats import number
from wagtail_petition.models import (
    ImportBatch,
    Petition,
    PetitionLogEntry,
    Representative,
    Signature,
)


def register(actions):
    """Register our log and its actions with Wagtail. For the hook ``register_log_actions``."""
    for model in (Petition, Representative, Signature):
        actions.register_model(model, PetitionLogEntry)
    actions.register_action("wagtail_petition.export")(ExportFormatter)
    actions.register_action("wagtail_petition.message")(MessageFormatter)
    actions.register_action("wagtail_petition.add_representatives")(RepresentativesFormatter)
    actions.register_action("wagtail_petition.split_delivery")(SplitFormatter)
    actions.register_action("wagtail_petition.clean_up_regions")(RegionsFormatter)
    for name, label, message in ACTIONS:
        formatter = type("Formatter", (ActionFormatter,), {"label": label, "message": message})
        actions.register_action(f"wagtail_petition.{name}")(formatter)


class ActionFormatter(LogFormatter):
    """The action, with its reason if any, and the number of signatures or addresses if several."""

    def format_message(self, entry):
        count = entry.data.get("count")
        if count is None:
            return str(self.message)
        if entry.data.get("mode") == ImportBatch.Mode.NO_EMAILS:
            text = ngettext(
                "%(action)s: %(count)s address", "%(action)s: %(count)s addresses", count
            )
        else:
            text = ngettext(
                "%(action)s: %(count)s signature", "%(action)s: %(count)s signatures", count
            )
        return text % {"action": self.message, "count": count}

    def format_comment(self, entry):
        return entry.data.get("reason", "")


ACTIONS = [
    (
        "resend",
        gettext_lazy("Resend confirmation email"),
        gettext_lazy("Confirmation email resent"),
    ),
    ("confirm", gettext_lazy("Confirm manually"), gettext_lazy("Confirmed manually")),
    ("invalidate", gettext_lazy("Invalidate"), gettext_lazy("Invalidated")),
    ("restore", gettext_lazy("Restore"), gettext_lazy("Restored")),
    ("withdraw", gettext_lazy("Erase on request"), gettext_lazy("Erased on request")),
    ("erase", gettext_lazy("Erase"), gettext_lazy("Erased")),
    ("import", gettext_lazy("Import signatures"), gettext_lazy("Imported")),
    ("type_in", gettext_lazy("Type in sheet"), gettext_lazy("Sheet typed in")),
    (
        "download_import",
        gettext_lazy("Download imported file"),
        gettext_lazy("Imported file downloaded"),
    ),
    (
        "notify_import",
        gettext_lazy("Notify imported signers"),
        gettext_lazy("Imported signers notified"),
    ),
    ("revert_import", gettext_lazy("Revert import"), gettext_lazy("Import reverted")),
    ("deliver", gettext_lazy("Create delivery"), gettext_lazy("Delivery created")),
    ("download", gettext_lazy("Download delivery"), gettext_lazy("Delivery downloaded")),
    (
        "mark_delivered",
        gettext_lazy("Mark delivery as delivered"),
        gettext_lazy("Delivery marked as delivered"),
    ),
    (
        "add_delivery_note",
        gettext_lazy("Add to the record of a delivery"),
        gettext_lazy("Added to the record of a delivery"),
    ),
    (
        "add_outcome",
        gettext_lazy("Add the outcome of a delivery"),
        gettext_lazy("Outcome of a delivery added"),
    ),
    (
        "show_outcome",
        gettext_lazy("Show the outcome of a delivery"),
        gettext_lazy("Outcome shown on the petition’s page"),
    ),
    (
        "hide_outcome",
        gettext_lazy("Take the outcome of a delivery off the page"),
        gettext_lazy("Outcome taken off the petition’s page"),
    ),
    (
        "erase_delivery_note",
        gettext_lazy("Erase an entry of a delivery"),
        gettext_lazy("Entry of a delivery erased"),
    ),
    (
        "share_delivery",
        gettext_lazy("Create link for the recipient"),
        gettext_lazy("Link for the recipient created"),
    ),
    (
        "email_delivery",
        gettext_lazy("Send delivery by email"),
        gettext_lazy("Delivery sent by email"),
    ),
    (
        "revoke_delivery_link",
        gettext_lazy("Revoke link for the recipient"),
        gettext_lazy("Link for the recipient revoked"),
    ),
    (
        "correct_delivery",
        gettext_lazy("Make corrected files of a delivery"),
        gettext_lazy("Corrected files of a delivery made"),
    ),
    ("rebuild_delivery", gettext_lazy("Rebuild delivery"), gettext_lazy("Delivery rebuilt")),
    ("cancel_delivery", gettext_lazy("Cancel delivery"), gettext_lazy("Delivery cancelled")),
    (
        "test_update",
        gettext_lazy("Send test email of an update"),
        gettext_lazy("Test email of an update sent"),
    ),
    ("send_update", gettext_lazy("Send update"), gettext_lazy("Update sent to signers")),
    ("pause_update", gettext_lazy("Pause update"), gettext_lazy("Sending of an update paused")),
    ("resume_update", gettext_lazy("Resume update"), gettext_lazy("Sending of an update resumed")),
    ("stop_update", gettext_lazy("Stop update"), gettext_lazy("Sending of an update stopped")),
    (
        "try_again_delivery",
        gettext_lazy("Retry delivery"),
        gettext_lazy("Delivery retried"),
    ),
    (
        "offline_count",
        gettext_lazy("Set the number of paper signatures"),
        gettext_lazy("Set the number of paper signatures"),
    ),
    ("invalidate_by_rule", gettext_lazy("Bulk invalidate"), gettext_lazy("Bulk invalidated")),
    (
        "restore_by_rule",
        gettext_lazy("Undo bulk invalidation"),
        gettext_lazy("Bulk invalidation undone"),
    ),
]


class MessageFormatter(LogFormatter):
    """The decision about a signer's message."""

    label = gettext_lazy("Review message")

    def format_message(self, entry):
        is_shown = entry.data.get("state") == Signature.MessageState.SHOWN
        return _("Message approved") if is_shown else _("Message rejected")


class RepresentativesFormatter(LogFormatter):
    """How many representatives a table added, changed and deleted."""

    label = gettext_lazy("Add representatives from a table")

    def format_message(self, entry):
        counts = {name: entry.data.get(name, 0) for name in ("added", "changed", "deleted")}
        return (
            _("Representatives added: %(added)d, changed: %(changed)d, deleted: %(deleted)d")
            % counts
        )


class SplitFormatter(LogFormatter):
    """Into how many parts a delivery was split."""

    label = gettext_lazy("Create split delivery")

    def format_message(self, entry):
        parts = entry.data.get("parts", 0)
        return ngettext(
            "Delivery created and split into %(parts)d part",
            "Delivery created and split into %(parts)d parts",
            parts,
        ) % {"parts": parts}


class RegionsFormatter(LogFormatter):
    """How many typed regions became codes, and how many stay because a delivery shows them."""

    label = gettext_lazy("Clean up states or regions")

    def format_message(self, entry):
        changed, kept = entry.data.get("changed", 0), entry.data.get("kept", 0)
        message = ngettext(
            "Replaced the typed state or region of %(count)s signature with its code",
            "Replaced the typed state or region of %(count)s signatures with its code",
            changed,
        ) % {"count": number(changed)}
        if not kept:
            return message
        left = ngettext(
            "%(count)s stays as typed, because a delivery shows it",
            "%(count)s stay as typed, because deliveries show them",
            kept,
        ) % {"count": number(kept)}
        return f"{message}. {left}"


class ExportFormatter(LogFormatter):
    """The number of exported signatures, the format and the file's checksum."""

    label = gettext_lazy("Export signatures")

    def format_message(self, entry):
        rows = entry.data.get("rows", 0)
        return ngettext(
            "Exported %(rows)s signature as %(format)s",
            "Exported %(rows)s signatures as %(format)s",
            rows,
        ) % {"rows": rows, "format": describe_format(entry.data.get("format", ""))}

    def format_comment(self, entry):
        return _("SHA-256: %(sha256)s") % {"sha256": entry.data.get("sha256", "")}
