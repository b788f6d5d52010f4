"""Receipts: what a signer needs to prove that their signature is in a delivery.

A receipt is a small JSON file. It names nobody, and who has it alone can prove it.
"""

import json
from typing import Any

from wagtail_petition import ledger
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.signature import Signature

from . import proof, selection
from .standalone import verify


def get_receipt(signature: Signature) -> dict[str, Any] | None:
    """The receipt of a signature; None without a number, or once its data is erased.

    It holds the deliveries that were handed over, with the path to each root.
    """
    salt = None if signature.is_erased else ledger.ensure_salt(signature)
    number, confirmed_at = signature.number, signature.confirmed_at
    if salt is None or number is None or confirmed_at is None:
        return None
    text = signature.signed_text
    written = text.canonical
    return {
        "format": verify.RECEIPT,
        "petition": {"key": str(signature.petition.key), "title": text.title},
        "signature": proof.describe(
            number,
            salt,
            text.sha256,
            confirmed_at,
            signature.given_name,
            signature.family_name,
        ),
        # The SHA-256 of this is the text in the signature.
        **({"signed_text": written} if written else {}),
        "deliveries": [_describe(delivery, number) for delivery in get_proved(signature)],
    }


def get_proved(signature: Signature) -> list[Delivery]:
    """The deliveries with a signature that were handed over with a proof."""
    return [
        delivery
        for delivery in selection.get_deliveries(signature)
        if delivery.state == Delivery.State.DELIVERED and delivery.root
    ]


def _describe(delivery: Delivery, number: int) -> dict[str, Any]:
    position, path = proof.find_path(delivery, number)
    return {
        "recipient": delivery.recipient,
        "delivered_on": delivery.delivered_on.isoformat() if delivery.delivered_on else "",
        "manifest_sha256": delivery.manifest_sha256,
        "root": delivery.root,
        "signatures": delivery.count,
        "position": position,
        "path": path,
    }


def as_bytes(receipt: dict[str, Any]) -> bytes:
    """A receipt as a JSON file."""
    return (json.dumps(receipt, indent=2, ensure_ascii=False) + "\n").encode()
