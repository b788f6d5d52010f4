"""The fields for the opening and the closing date, in the site's time zone."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_petition.moments import END_OF_DAY, in_site_zone


class ClosingInput(AdminDateTimeInput):
    """Wagtail's date and time input, with 23:59 as the time of a picked day.

    It leaves typed values unchanged: Wagtail's input would add midnight to a date without a time.
    """

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "defaultTime": END_OF_DAY.strftime("%H:%M"),
            "validateOnBlur": False,
        }


class SiteZoneFormField(forms.DateTimeField):
    """A date and time, shown and typed in the site's time zone instead of the editor's.

    Pages and emails say in this zone when the petition opens and closes.
    """

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(timezone.get_default_timezone()):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(timezone.get_default_timezone()):
            return super().to_python(value)


class ClosingFormField(SiteZoneFormField):
    """A date and time. A date without a time means its last minute."""

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            try:
                day = forms.DateField().to_python(value.strip())
            except ValidationError:
                day = None  # It has a time, or is invalid: DateTimeField decides.
            if day:
                return in_site_zone(datetime.combine(day, END_OF_DAY))
        return super().to_python(value)


class OpeningDateTimeField(models.DateTimeField):
    """A ``DateTimeField`` in the site's time zone. In migrations it is Django's field."""

    form_class: type[forms.DateTimeField] = SiteZoneFormField

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": self.form_class, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class ClosingDateTimeField(OpeningDateTimeField):
    """The same field. A date without a time includes that day."""

    form_class = ClosingFormField

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        widget = kwargs.get("widget")
        if widget is AdminDateTimeInput or type(widget) is AdminDateTimeInput:
            kwargs["widget"] = ClosingInput
        return super().formfield(**kwargs)
