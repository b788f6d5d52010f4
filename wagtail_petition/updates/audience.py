"""Who gets an update: signers who opted in to updates, or some of them."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.update import Update
from wagtail_petition.moments import in_site_zone


@dataclass
class Audience:
    """Which signers get it. Empty values filter nothing. Dates are ISO dates, both included.

    ``update`` is the number of another update: with ``got``, those who got it, else those who
    didn't.
    """

    countries: list[str] = field(default_factory=list)
    home_regions: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    signed_from: str = ""
    signed_to: str = ""
    delivered: bool | None = None
    update: int | None = None
    got: bool = True

    def as_data(self) -> dict[str, Any]:
        """The filters in use, for storing and for the log."""
        given = {name: value for name, value in asdict(self).items() if value not in ("", [], None)}
        if self.update is None:
            del given["got"]
        return given


def in_audience(petition: Petition, audience: Audience) -> QuerySet[Signature]:
    """The signatures of an audience, unordered.

    Includes addresses that opted out of all emails, since only their hashes are stored. Their emails
    are skipped when they are due.
    """
    found = petition.signatures.filter(
        status=Signature.Status.CONFIRMED,
        wants_news=True,
        email_key__isnull=False,
        email_state=Signature.EmailState.OK,
    ).order_by()
    wanted = {
        "country__in": audience.countries,
        "home_region__in": audience.home_regions,
        "language__in": audience.languages,
        "origin__in": audience.origins,
    }
    found = found.filter(**{lookup: values for lookup, values in wanted.items() if values})
    if audience.signed_from:
        found = found.filter(signed_at__gte=_midnight(audience.signed_from))
    if audience.signed_to:
        found = found.filter(signed_at__lt=_midnight(audience.signed_to, days=1))
    if audience.delivered is not None:
        found = found.filter(delivered=audience.delivered)
    if audience.update is not None:
        got = Exists(
            OutgoingEmail.objects.filter(
                update__petition=petition.pk,
                update__number=audience.update,
                signature=OuterRef("pk"),
                state=OutgoingEmail.State.SENT,
            )
        )
        found = found.filter(got if audience.got else ~got)
    return found


def not_yet_reached(update: Update, audience: Audience) -> QuerySet[Signature]:
    """Those of an audience for whom no email of ``update`` has been queued."""
    found = in_audience(update.petition, audience)
    if update.pk is None:
        return found
    return found.filter(~Exists(_decided(update).filter(signature=OuterRef("pk"))))


def _decided(update: Update) -> QuerySet[OutgoingEmail]:
    # Signers whose email was skipped are tried again: they may want it by now.
    return OutgoingEmail.objects.filter(update=update).exclude(state=OutgoingEmail.State.DROPPED)


def by_language(signatures: QuerySet[Signature]) -> dict[str, int]:
    """The number of ``signatures`` in each language, largest first."""
    rows = signatures.values_list("language").annotate(number=Count("pk"))
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))


def known_values(petition: Petition) -> dict[str, list[str]]:
    """The values that signatures of a petition have, from its tallies: {field: values}."""
    tallies = petition.tallies.filter(count__gt=0).order_by()
    homes = petition.home_tallies.filter(count__gt=0).order_by()
    sources = {"country": tallies, "home_region": homes, "language": tallies, "origin": tallies}
    return {
        name: sorted(
            found.filter(~Q(**{name: ""})).values_list(name, flat=True).distinct(), key=str
        )
        for name, found in sources.items()
    }


def _midnight(day: str, days: int = 0) -> datetime:
    moment = date.fromisoformat(day) + timedelta(days=days)
    return in_site_zone(datetime.combine(moment, time.min))
