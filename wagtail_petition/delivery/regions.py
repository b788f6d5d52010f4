"""Spellings of regions. Some signers type them, so one region has many spellings."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from wagtail_petition.home.residence import name_residence
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature


def region_key(region: str) -> str:
    """A key that is equal for spellings that differ only in case, spaces and dots."""
    folded = unicodedata.normalize("NFKC", region).casefold()
    return "".join(folded.replace(".", "").split())


def get_spellings(petition: Petition, regions: Iterable[str]) -> dict[str, list[str]]:
    """All spellings of ``regions`` in confirmed signatures: {region: [spelling, …]}.

    The list of a region that no confirmed signature has is empty. Reads all different regions of
    the petition.
    """
    found = defaultdict(list)
    confirmed = Signature.objects.filter(petition=petition, status=Signature.Status.CONFIRMED)
    for spelling in confirmed.order_by("region").values_list("region", flat=True).distinct():
        # A code such as "US-NY" is found by its name too.
        for key in {region_key(spelling), region_key(name_residence(spelling))}:
            found[key].append(spelling)
    return {region: found.get(region_key(region), []) for region in regions}
