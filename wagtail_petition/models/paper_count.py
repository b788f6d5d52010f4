"""Numbers of signatures on paper: in the public total, never in a delivery."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_petition.models.petition import Petition

# The largest number in one entry.
MOST = 9_999_999


class PaperCount(models.Model):
    """A number of signatures on paper, with day and place. A negative number is a correction.

    The petition's ``offline_count`` is the sum of its entries and of the number from before
    entries existed.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="paper_counts")
    number = models.IntegerField(
        _("signatures"),
        validators=[MinValueValidator(-MOST), MaxValueValidator(MOST)],
        help_text=_("To correct an earlier entry, enter a negative number."),
    )
    day = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=100, blank=True)
    note = models.CharField(
        _("note"), max_length=255, blank=True, help_text=_("Don’t include personal data.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("paper signatures")
        verbose_name_plural = _("paper signatures")
        ordering = ["-day", "-pk"]

    def __str__(self):
        return f"{self.day}: {self.number}"
