"""What is stored. Imports run one way: page → petition; outbox → signature → moderation →
petition.

None of the data models has a foreign key to Page, so that nothing that happens to a page
(delete, move, unpublish, tree sync) can touch a signature.
"""

from wagtail_petition.compat import PAGE_IS_SWAPPED

from .bulk import BulkAct
from .delivery import Delivery, DeliveryFile
from .export import SignatureExport
from .log import PetitionLogEntry
from .moderation import BlockRule, Invalidation, NetworkSecret, SpentProof, Visit
from .outbox import LinkRequest, MailOptOut, OutgoingEmail
from .page import PetitionPageMixin
from .petition import Petition, Tally
from .signature import Signature, SignedText, Token

__all__ = [
    "BlockRule",
    "BulkAct",
    "Delivery",
    "DeliveryFile",
    "Invalidation",
    "LinkRequest",
    "MailOptOut",
    "NetworkSecret",
    "OutgoingEmail",
    "Petition",
    "PetitionLogEntry",
    "PetitionPageMixin",
    "Signature",
    "SignatureExport",
    "SignedText",
    "SpentProof",
    "Tally",
    "Token",
    "Visit",
]

if not PAGE_IS_SWAPPED:
    from .ready_page import PetitionPage

    __all__ += ["PetitionPage"]
