"""A split delivery, with all of its parts."""

import pytest

from wagtail_petition.delivery import build, lifecycle
from wagtail_petition.delivery.split import get_part, pieces
from wagtail_petition.models import Delivery, DeliverySplit


@pytest.fixture
def make_split(page, settings, tmp_path):
    """Split a delivery of all signatures of ``page``; more arguments are its fields."""
    settings.MEDIA_ROOT = tmp_path / "media"

    def make(by="home_region", made=True, **fields):
        page.petition.refresh_from_db()
        whole = Delivery(
            **{
                "petition": page.petition,
                "last_number": page.petition.last_number,
                "recipient": "Jane Doe",
                "language": "en",
                "columns": ["number", "given_name"],
                "formats": ["csv"],
                "only_new": False,
                **fields,
            }
        )
        found = pieces(whole, by)
        split = DeliverySplit(
            petition=page.petition, by=by, count=sum(piece.signatures for piece in found)
        )
        deliveries = [get_part(whole, piece, f"Senator of {piece.label}") for piece in found]
        lifecycle.queue(deliveries, split=split)
        if made:
            build.build_queued()
        return split

    return make
