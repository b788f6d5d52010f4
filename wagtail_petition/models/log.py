"""Log entries about signatures, for Wagtail's site history."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import BaseLogEntry, BaseLogEntryManager

from wagtail_petition.access.petitions import limit

from .petition import Petition
from .representative import Representative
from .signature import Signature


class PetitionLogEntryManager(BaseLogEntryManager):
    def log_action(self, instance, action, **kwargs):
        petition = instance if isinstance(instance, Petition) else instance.petition
        kwargs.update(petition=petition, object_id=str(instance.pk))
        return super().log_action(instance, action, **kwargs)

    def get_instance_title(self, instance):
        """The title in the history. It has no person's name, since entries outlive an erasure."""
        if isinstance(instance, Petition):
            return str(instance)
        if isinstance(instance, Representative):
            return gettext("Representative of “%(petition)s”") % {"petition": instance.petition}
        words = {"petition": instance.petition, "number": instance.number}
        if instance.number is None:
            return gettext("Unconfirmed signature of “%(petition)s”") % words
        return gettext("Signature %(number)s of “%(petition)s”") % words

    def viewable_by_user(self, user):
        """The entries of petitions that ``user`` may edit. Wagtail's model log shows all."""
        if not user.has_perm("wagtail_petition.view_signature"):
            return self.none()
        return limit(self.all(), user)

    def for_instance(self, instance):
        """The entries of ``instance``. A petition's include those of its signatures."""
        if isinstance(instance, Petition):
            return self.filter(petition=instance)
        return self.filter(
            content_type=ContentType.objects.get_for_model(instance),
            object_id=str(instance.pk),
        )

    def forget(self, pks):
        """Erase the data of entries about these signatures, since a reason may name the signer."""
        content_type = ContentType.objects.get_for_model(Signature)
        found = self.filter(content_type=content_type, object_id__in=[str(pk) for pk in pks])
        return found.exclude(data={}).update(data={})

    def forget_file(self, delivery, name):
        """Erase the name of a file in entries about its downloads, since it may name somebody."""
        for entry in self.filter(
            petition=delivery.petition_id, data__delivery=delivery.pk, data__file=name
        ):
            del entry.data["file"]
            entry.save(update_fields=["data"])


class PetitionLogEntry(BaseLogEntry):
    """An action on a petition's signatures, without personal data.

    ``data`` may hold the keys rows, filter, sha256 and reason, depending on the action.
    """

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="log_entries",
    )
    object_id = models.CharField(max_length=255, db_index=True)

    objects = PetitionLogEntryManager()

    class Meta(BaseLogEntry.Meta):
        ordering = ["-timestamp", "-id"]
        verbose_name = _("petition log entry")
        verbose_name_plural = _("petition log entries")
