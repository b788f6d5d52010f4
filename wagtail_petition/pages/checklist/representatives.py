"""The check of recipients who stand for the signers' representatives."""

from typing import Any

from django.utils.translation import gettext as _

from wagtail_petition.home.answers import get_home_scheme

from .check import Check, Level


def representatives(page: Any) -> Check | None:
    """A check if a recipient stands for others who are found by where a signer votes."""
    found = {block.value.get("stands_for") for block in page.recipients} - {None, ""}
    if not found:
        return None
    scheme, terms = get_home_scheme(page.terms), page.terms
    if scheme is None:
        return Check(
            Level.MISSING,
            _("A recipient stands for the signers’ representatives: ask where people vote."),
            "home_country",
        )
    asks_district = scheme.has_districts and terms.ask_home_district != "no"
    if "district" in found and not asks_district:
        return Check(
            Level.MISSING,
            _("A recipient stands for those of the signers’ districts: ask for the district."),
            "ask_home_district" if scheme.has_districts else "recipients",
        )
    petition = page.petition
    if petition.pk is None or not petition.representatives.exists():
        return Check(
            Level.ADVICE,
            _(
                "List the representatives under “Petitions › Representatives”, so that signers "
                "learn whom their signature goes to."
            ),
            "recipients",
        )
    return Check(Level.DONE, _("The signers’ representatives are listed."), "recipients")
