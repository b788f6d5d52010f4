"""The fields of a petition page in Wagtail's API v2."""

from rest_framework.fields import CharField, DateTimeField, IntegerField, UUIDField
from wagtail.api import APIField

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
]
