"""The check of a delivery's ZIP against the ledger."""

import zipfile

from wagtail_petition.models.delivery import Delivery

from . import manifest, selection
from .manifest import Finding


def check_ledger(path):
    """Check a delivery's ZIP against this site's ledger: yields ``Finding``.

    Raises what ``manifest.check_files`` raises.
    """
    with zipfile.ZipFile(path) as archive:
        listing = manifest.read_manifest(archive)
        digest = manifest.manifest_hash(archive)
    delivery = (
        Delivery.objects.filter(manifest_sha256=digest, petition__key=listing["petition"]["key"])
        .select_related("petition")
        .order_by("pk")
        .first()
    )
    if delivery is None:
        yield Finding(False, f"No delivery of this site has the manifest {digest}")
        return
    yield Finding(True, f"Made here for {delivery.recipient} on {delivery.created_at:%Y-%m-%d}")
    yield Finding(
        delivery.count == listing["signatures"],
        f"{listing['signatures']} signatures in the manifest, {delivery.count} in the ledger's record",
    )
    if delivery.state == Delivery.State.DELIVERED:
        yield Finding(True, f"Handed over on {delivery.delivered_on:%Y-%m-%d}")
    gone = selection.withdrawn_since(delivery)
    if gone:
        numbers = ", ".join(map(str, gone[:20])) + (" …" if len(gone) > 20 else "")
        yield Finding(True, f"{len(gone)} do not count any more: numbers {numbers}")
    else:
        yield Finding(True, "All of them still count")
