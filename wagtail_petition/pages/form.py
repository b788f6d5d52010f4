"""The editor's form of a petition page."""

from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from wagtail_petition.models.terms import TERMS


class PetitionPageForm(WagtailAdminPageForm):
    """The base form of petition pages. A page type's own form must be a subclass.

    On a translation, the petition's terms are shown but can't be edited.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"opens_at", "closes_at"} & set(self.fields):
            self.fields[name].help_text = format_lazy(
                "{} {}", self.fields[name].help_text, self._time_zone()
            )
        page = self.instance
        if page.is_source:
            return
        for name in set(TERMS) & set(self.fields):
            field = self.fields[name]
            field.disabled = True
            field.help_text = _("You can change this on the petition’s source page.")
            self.initial[name] = getattr(page.terms, name)

    @staticmethod
    def _time_zone() -> str:
        return _("Time zone: %(zone)s.") % {"zone": timezone.get_default_timezone_name()}
