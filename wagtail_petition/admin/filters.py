"""The filters of lists of objects of all petitions."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from wagtail_petition.access.permissions import (
    editable_petitions,
)
from wagtail_petition.models import Petition


class PetitionFilterSet(WagtailFilterSet):
    """Filters by petition."""

    petition = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Petition"),
        queryset=Petition.objects.none(),
        widget=forms.Select,
        empty_label=gettext_lazy("All"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        petitions = editable_petitions(self.request.user).order_by("title")
        self.filters["petition"].queryset = petitions
        if len(petitions[:2]) < 2:
            del self.filters["petition"]
