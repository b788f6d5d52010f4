"""The people whom signatures are addressed to by where the signers vote."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_petition.countries import CountryField
from wagtail_petition.home.registry import get_district_name, get_region_name
from wagtail_petition.models.petition import Petition


class Representative(models.Model):
    """Somebody who represents the voters of one constituency, for one petition.

    The constituency is in codes of the country's ``HomeScheme``: a region such as "US-NY" for
    its senators, a region and a district for a member of a lower house, only a district where
    people type its name, or the country alone. ``representatives`` finds those of a signature.
    """

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.CASCADE,
        related_name="representatives",
        db_index=False,  # petition_representatives serves.
    )
    name = models.CharField(_("name"), max_length=200)
    office = models.CharField(
        _("office"),
        max_length=200,
        blank=True,
        help_text=_("Shown before the name, e.g. Senator"),
    )
    country = CountryField(_("country"))
    region = models.CharField(_("region"), max_length=12, blank=True)
    district = models.CharField(_("district"), max_length=100, blank=True)
    email = models.EmailField(_("email"), max_length=254, blank=True)
    address = models.TextField(_("postal address"), max_length=1000, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        # Those of a region before those of its districts.
        ordering = ["country", "region", "district", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "country", "region", "district", "name"],
                name="petition_representatives",
                violation_error_message=_("This person is already listed there."),
            )
        ]

    def __str__(self):
        return f"{self.office} {self.name}".strip()

    @property
    def constituency(self):
        """The name of the constituency in the active language: "New York", "NY-12", "Italy"."""
        country = str(self.country)
        if self.district:
            return get_district_name(country, self.region, self.district)
        return get_region_name(self.region) if self.region else self.country.name
