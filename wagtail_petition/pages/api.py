"""The fields of a petition page in Wagtail's API v2."""

from django.utils.translation import override
from rest_framework.fields import CharField, DateTimeField, Field, IntegerField, UUIDField
from wagtail.api import APIField

from wagtail_petition.forms.schema import describe_form


class FormField(Field):
    """The fields of the form in the page's language, as ``describe_form`` describes them."""

    def to_representation(self, page):
        with override(page.language):
            return describe_form(page.get_sign_form())


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
    APIField("form", serializer=FormField(source="*")),
]
