"""The closing date: a day without a time includes that day."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_petition.moments import END_OF_DAY, in_site_zone


class ClosingInput(AdminDateTimeInput):
    """Wagtail's input, which for a picked day fills in the last minute instead of the present.

    What was typed is left as it is: Wagtail's would add midnight to a date without a time.
    """

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "defaultTime": END_OF_DAY.strftime("%H:%M"),
            "validateOnBlur": False,
        }


class ClosingFormField(forms.DateTimeField):
    """A moment; for a date without a time its last minute, in the site's time zone."""

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            try:
                day = forms.DateField().to_python(value.strip())
            except ValidationError:
                day = None  # It has a time, or is for the field below to refuse.
            if day:
                return in_site_zone(datetime.combine(day, END_OF_DAY))
        return super().to_python(value)


class ClosingDateTimeField(models.DateTimeField):
    """A ``DateTimeField`` with the form field above; to migrations it is Django's own."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        widget = kwargs.get("widget")
        if widget is AdminDateTimeInput or type(widget) is AdminDateTimeInput:
            kwargs["widget"] = ClosingInput
        return super().formfield(**{"form_class": ClosingFormField, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs
