"""A form of the site's own."""

from django import forms
from django.core.exceptions import ValidationError

from wagtail_petition.forms.sign import SignForm


class CampaignForm(SignForm):
    """Asks for a phone number too, and takes no signer called Nobody."""

    phone = forms.CharField(label="Phone", required=False, max_length=30)

    def clean_given_name(self):
        name = self.cleaned_data["given_name"]
        if name == "Nobody":
            raise ValidationError("Tell us your real name.")
        return name
