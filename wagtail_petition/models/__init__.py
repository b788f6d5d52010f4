"""All models, in the place where Django looks for them.

Sites import ``PetitionPageMixin`` and ``PetitionUpdateMixin`` from here too. No data model has a
foreign key to Page, so deleting, moving, unpublishing or synchronising a page can't change a
signature.
"""

from wagtail_petition.compat import PAGE_IS_SWAPPED
from wagtail_petition.models.breakdown import Breakdown
from wagtail_petition.models.column_preset import ColumnPreset
from wagtail_petition.models.paper_count import PaperCount
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.printed_text import PrintedText
from wagtail_petition.models.representative import Representative
from wagtail_petition.models.selected_work import BulkAct
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.models.tally import HomeTally, Tally
from wagtail_petition.models.token import Token
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.pages.update import PetitionUpdateMixin

from .delivery import Delivery, DeliveryFile, DeliveryNote, ProofTile
from .delivery_email import DeliveryEmail
from .delivery_split import DeliverySplit
from .email import LinkRequest, MailOptOut, OutgoingEmail
from .export import SignatureExport
from .import_batch import ImportBatch, Tombstone
from .log import PetitionLogEntry
from .moderation import BlockRule, Invalidation, NetworkSecret, SpentProof, Visit
from .notice import Notice
from .origin import Origin
from .outcome import DeliveryOutcome
from .recipient_link import Acknowledgement, RecipientLink, RecipientVisit
from .update import Update

__all__ = [
    "Acknowledgement",
    "BlockRule",
    "Breakdown",
    "BulkAct",
    "ColumnPreset",
    "Delivery",
    "DeliveryEmail",
    "DeliveryFile",
    "DeliveryNote",
    "DeliveryOutcome",
    "DeliverySplit",
    "HomeTally",
    "ImportBatch",
    "Invalidation",
    "LinkRequest",
    "MailOptOut",
    "NetworkSecret",
    "Notice",
    "Origin",
    "OutgoingEmail",
    "PaperCount",
    "Petition",
    "PetitionLogEntry",
    "PetitionPageMixin",
    "PetitionUpdateMixin",
    "PrintedText",
    "ProofTile",
    "RecipientLink",
    "RecipientVisit",
    "Representative",
    "Signature",
    "SignatureExport",
    "SignedText",
    "SpentProof",
    "Tally",
    "Token",
    "Tombstone",
    "Update",
    "Visit",
]

if not PAGE_IS_SWAPPED:
    from .ready_page import PetitionPage, PetitionUpdatePage

    __all__ += ["PetitionPage", "PetitionUpdatePage"]
