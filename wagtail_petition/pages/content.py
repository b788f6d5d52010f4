"""What a petition page says: its recipients and texts."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.functional import cached_property
from wagtail.blocks import StructValue
from wagtail.models import Site

from wagtail_petition.forms.sign import SignForm
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.models.terms import Terms
from wagtail_petition.pages.texts import (
    default_consent,
    default_paper_consent,
    default_share_text,
    default_thanks,
    has_words,
    text_to_sign,
    unnamed_organisation,
)


class PetitionContent:
    """The recipients and texts of a petition page. Blank texts have defaults."""

    if TYPE_CHECKING:
        # Attributes of the page.
        recipients: Any
        organisation: str
        consent_text: str
        paper_consent_text: str
        thanks_text: str
        receipt_text: str
        share_text: str
        questions: Any

        @property
        def terms(self) -> Terms: ...

        @property
        def is_source(self) -> bool: ...

        @property
        def language(self) -> str: ...

        @cached_property
        def petition(self) -> Petition: ...

        def get_site(self) -> Site | None: ...

    def recipients_as(self, role: str) -> list[StructValue]:
        """The values of the recipients with ``role`` "to" or "cc", in order."""
        return [b.value for b in self.recipients if b.value.get("role") == role]

    @property
    def to(self) -> list[StructValue]:
        """The recipients who are asked to act."""
        return self.recipients_as("to")

    @property
    def cc(self) -> list[StructValue]:
        """The recipients who get a copy."""
        return self.recipients_as("cc")

    def get_organisation(self) -> str:
        """The organisation responsible for the data. You can override this method.

        The page's, the source page's, the site's name, or a general phrase. Never a host name,
        since that names nobody who is responsible.
        """
        if self.organisation:
            return self.organisation
        if not self.is_source and self.petition.organisation:
            return self.petition.organisation
        site = self.get_site()
        return (site.site_name if site else "") or unnamed_organisation(self)

    def get_consent_text(self) -> str:
        """The consent text as HTML. You can override this method."""
        return self.consent_text if has_words(self.consent_text) else default_consent(self)

    def get_paper_consent_text(self) -> str:
        """The consent text on the printable sheet as HTML. You can override this method."""
        written = self.paper_consent_text
        return written if has_words(written) else default_paper_consent(self)

    def get_receipt_text(self) -> str:
        """What is added to the receipt: paragraphs of plain text, or "". You can override this."""
        lines = [" ".join(line.split()) for line in self.receipt_text.splitlines()]
        paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip())
        return "\n\n".join(paragraphs)

    def get_thanks_text(self) -> str:
        """The text after confirming, as HTML. You can override this method."""
        return self.thanks_text if has_words(self.thanks_text) else default_thanks(self)

    def get_share_text(self) -> str:
        """The text to share, without the URL. You can override this method."""
        return self.share_text or default_share_text(self)

    def get_sign_form(self, data: Mapping[str, Any] | None = None) -> SignForm:
        """The form for signing. You can override this method to add fields or checks."""
        return SignForm(self, data)

    @cached_property
    def own_questions(self) -> list[dict[str, Any]]:
        """The questions that a site's own form adds, in the page's language."""
        if type(self).get_sign_form is PetitionContent.get_sign_form:
            # Our form adds none. It needn't be built to know that.
            return []
        with translation.override(self.language):
            return self.get_sign_form().get_own_questions()

    def get_text_to_sign(self) -> SignedText:
        """The text that a signer of this page agrees to: an unsaved ``SignedText``."""
        return text_to_sign(self)

    def get_paper_text_to_sign(self) -> SignedText:
        """The text that a signer of the printable sheet agrees to: an unsaved ``SignedText``."""
        return text_to_sign(self, on_paper=True)
