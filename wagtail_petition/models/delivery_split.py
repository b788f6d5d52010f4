"""Deliveries that were created together, as parts of one whole."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .petition import Petition


class DeliverySplit(models.Model):
    """What holds the parts of a split delivery together. Each part is a ``Delivery``."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(
        Petition, verbose_name=_("petition"), on_delete=models.PROTECT, related_name="splits"
    )
    # "country", "region", "home_region", "home_district", or the id of a question.
    by = models.CharField(_("split by"), max_length=100)
    # The signatures in all parts when it was created. Some may stop counting before the files
    # are made.
    count = models.PositiveIntegerField(_("signatures"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("split delivery")
        verbose_name_plural = _("split deliveries")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.petition} ({self.created_at:%Y-%m-%d})"
