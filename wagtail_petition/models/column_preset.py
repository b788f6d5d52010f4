"""Saved selections of columns for exports and deliveries."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ColumnPresetQuerySet(models.QuerySet):
    """A queryset with the presets of a user."""

    def named_for(self, user):
        """The named presets of ``user``, and those that others share."""
        return self.exclude(name="").filter(Q(user=user) | Q(is_shared=True)).order_by("name", "pk")


class ColumnPreset(models.Model):
    """Columns in order, under a name. Without a name, those that ``user`` exported last."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    columns = models.JSONField(_("columns"), default=list)
    is_shared = models.BooleanField(_("shared"), default=False)

    objects = ColumnPresetQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="petition_preset_unique")
        ]

    def __str__(self):
        return self.name
