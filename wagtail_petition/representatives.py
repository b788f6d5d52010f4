"""Find the people whom a signature goes to, by where the signer votes."""

from django.db.models import Q, QuerySet

from wagtail_petition.home.ties import HomeTie
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.representative import Representative
from wagtail_petition.models.signature import Signature


def get_identity(person: Representative) -> tuple[str, str, str, str]:
    """What two entries of the same person have in common: constituency and name.

    Capitals and spaces make no difference, in a district's typed name too.
    """
    return (str(person.country), person.region, _plain(person.district), _plain(person.name))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def for_region(
    petition: Petition, country: str, region: str = "", district: str = ""
) -> QuerySet[Representative]:
    """The representatives of exactly this constituency, in codes as signatures have them.

    Of a region without its districts (the senators of "US-NY"), of a district ("US-NY" and "12"),
    of a district by name where there are no regions, or of the whole country.
    """
    return Representative.objects.filter(
        petition=petition, country=country, region=region, district__iexact=district
    )


def for_signature(signature: Signature) -> QuerySet[Representative]:
    """The representatives of the signer: of the country, of their region, and of their district.

    None if the signer didn't say where they vote, or isn't a citizen.
    """
    found = Representative.objects.filter(
        petition=signature.petition_id, country=str(signature.home_country or "")
    )
    if not signature.home_country or signature.home_tie == HomeTie.NOT_A_CITIZEN:
        return found.none()
    region, district = signature.home_region, signature.home_district
    constituencies = Q(region="", district="") | Q(region=region, district="")
    if district:
        # Names that people type differ in case.
        constituencies |= Q(region=region, district__iexact=district)
    return found.filter(constituencies)
