"""A delivery split by the states where signers vote, with PDF: one part for each, and the rest."""

from django.db.models import F, Value
from django.db.models.functions import Mod

from wagtail_petition.delivery import build, split_manifest
from wagtail_petition.delivery.membership import Members
from wagtail_petition.delivery.split import get_part, pieces
from wagtail_petition.home.registry import get_scheme
from wagtail_petition.models import Delivery, DeliverySplit, Signature

from . import content
from .apart import measure
from .fill import fill

ROWS = 100_000
# With those who vote in none of the others.
PARTS = 56


def run(bench):
    """Fill, split, make all parts in a process of its own, and compare them with the whole."""
    page = content.make_petition_page(content.make_site(), home_country="US")
    fill(page, bench.rows)
    petition = page.petition
    petition.refresh_from_db()
    signatures = Signature.objects.filter(petition=petition).annotate(
        rest=Mod(F("number"), Value(PARTS))
    )
    for position, region in enumerate(get_scheme("US").regions[: PARTS - 1]):
        signatures.filter(rest=position).update(home_country="US", home_region=region)
    whole = Delivery(
        petition=petition,
        last_number=petition.last_number,
        recipient="Jane Doe",
        language=page.language,
        columns=["number", "given_name", "family_name", "city", "country", "home_region"],
        formats=["pdf", "csv"],
    )
    found = pieces(whole, "home_region")
    split = DeliverySplit.objects.create(
        petition=petition, by="home_region", count=sum(piece.signatures for piece in found)
    )
    for piece in found:
        part = get_part(whole, piece, piece.label)
        part.split = split
        part.save(force_insert=True)
    made = measure(make)
    parts = list(Delivery.objects.filter(petition=petition))
    if errors := [part.error for part in parts if part.error]:
        raise RuntimeError(errors[0])
    numbers = [number for part in parts for number in Members(part.members)]
    confirmed = Signature.objects.filter(petition=petition, status=Signature.Status.CONFIRMED)
    expected = set(confirmed.filter(anonymised_at=None).values_list("number", flat=True))
    bench.title(f"{len(numbers):,} signatures in {len(parts)} deliveries")
    bench.table(
        ["", "seconds", "MB, worker", "MB, typesetter"],
        [
            [
                "PDF, CSV and manifests",
                made["seconds"],
                round(made["peak_mb"]),
                round(made["children_mb"]),
            ]
        ],
    )
    bench.claim("deliveries", len(parts), f"== {PARTS}")
    bench.claim("in_two_parts", len(numbers) - len(set(numbers)), "== 0")
    bench.claim("in_no_part_or_a_wrong_one", len(expected ^ set(numbers)), "== 0")
    listing = split_manifest.make(split)
    bench.claim("in_no_part_of_the_manifest", len(expected) - listing["signatures"], "== 0")
    bench.claim("in_two_parts_of_the_manifest", len(listing["in_more_than_one_part"]), "== 0")
    bench.claim("seconds", made["seconds"], "< 180")
    bench.claim("mb_in_any_process", max(made["peak_mb"], made["children_mb"]), "< 700")


def make():
    """Build the queued deliveries. Returns how many deliveries."""
    return build.build_queued()
