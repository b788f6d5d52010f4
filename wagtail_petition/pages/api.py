"""The fields of a petition page in Wagtail's API v2."""

from django.utils.translation import override
from rest_framework.fields import CharField, DateTimeField, Field, IntegerField, UUIDField
from wagtail.api import APIField

from wagtail_petition import addresses
from wagtail_petition.forms.schema import describe_form


class FormField(Field):
    """The fields of the form in the page's language, as ``describe_form`` describes them."""

    def to_representation(self, page):
        with override(page.language):
            return describe_form(page.get_sign_form())


class OutcomesField(Field):
    """The public outcomes of deliveries, oldest first, with texts in the page's language.

    Each as {"recipient", "outcome", "date", "text", "language", "document"}. ``language`` is that of
    the text, "" without a text; ``document`` is the URL of a file, or "".
    """

    def to_representation(self, page):
        return [self._represent(page, outcome) for outcome in page.outcomes]

    def _represent(self, page, outcome):
        text, language = outcome.get_text(page.language)
        return {
            "recipient": outcome.delivery.recipient,
            "outcome": outcome.kind,
            "date": outcome.day.isoformat(),
            "text": text,
            "language": language,
            "document": self._document_url(page, outcome) if outcome.document else "",
        }

    def _document_url(self, page, outcome):
        request = self.context.get("request")
        args = (page.petition_key, outcome.pk)
        return addresses.step_url(page, "outcome_document", *args, request=request)


# No signatures: public names are in the list of signers only.
FIELDS = [
    APIField("introduction"),
    APIField("recipients"),
    APIField("letter"),
    APIField("body"),
    APIField("sponsors"),
    APIField("questions"),
    APIField("organisation", serializer=CharField(source="get_organisation")),
    APIField("consent_text", serializer=CharField(source="get_consent_text")),
    APIField("share_text", serializer=CharField(source="get_share_text")),
    APIField("opens_at", serializer=DateTimeField(source="terms.opens_at")),
    APIField("closes_at", serializer=DateTimeField(source="terms.closes_at")),
    APIField("state", serializer=CharField()),
    APIField("petition_key", serializer=UUIDField()),
    APIField("signature_count", serializer=IntegerField(source="progress.count")),
    APIField("goal", serializer=IntegerField(source="progress.goal")),
    APIField("sign_url", serializer=CharField()),
    APIField("outcomes", serializer=OutcomesField(source="*")),
    APIField("form", serializer=FormField(source="*")),
]
