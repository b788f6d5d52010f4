"""The editor's form of a petition page."""

from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.forms import WagtailAdminPageForm

from wagtail_petition.conf import settings
from wagtail_petition.formats import number
from wagtail_petition.models.terms import TERMS


class PetitionPageForm(WagtailAdminPageForm):
    """The base form of petition pages. A page type's own form must be a subclass.

    On a translation, the petition's terms are shown but can't be edited.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "closes_at" in self.fields:
            self.fields["closes_at"].help_text = self._about_closing()
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
    def _about_closing() -> str:
        """The model's help text knows only the default of ``CONFIRM_GRACE``."""
        text = _("A date without a time includes that day. Leave blank to keep it open.")
        hours = round(settings.CONFIRM_GRACE.total_seconds() / 3600)
        if not hours:
            return text
        grace = ngettext(
            "Signers have another hour to confirm.",
            "Signers have another %(hours)s hours to confirm.",
            hours,
        ) % {"hours": number(hours)}
        return f"{text} {grace}"

    @staticmethod
    def _time_zone() -> str:
        return _("Time zone: %(zone)s.") % {"zone": timezone.get_default_timezone_name()}
