"""Date filters that accept only dates that every database can store."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.active_filters import (
    ActiveFilter,
    BaseFilterAdapter,
    register_filter_adapter_class,
)
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_petition import moments
from wagtail_petition.clock import local_time

# The first and last days that databases store can't be converted to every time zone.
VALIDATORS = [
    MinValueValidator(date(1900, 1, 1), _("Enter a date from the year 1900 on.")),
    MaxValueValidator(date(2999, 12, 31), _("Enter a date before the year 3000.")),
]


class DateRangeField(django_filters.fields.DateRangeField):
    """Two dates, each from 1900 to 2999."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields:
            field.validators += VALIDATORS


class DateRangeFilter(django_filters.DateFromToRangeFilter):
    """A range of days, with Wagtail's date pickers."""

    field_class = DateRangeField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DateRangePickerWidget, **kwargs)


class UTCDateRangeField(DateRangeField):
    """Two days in UTC, as in tallies; with ``USE_TZ = False``, days in the site's time zone."""

    def compress(self, data_list: list[date | None]) -> slice | None:
        if not settings.USE_TZ:
            return super().compress(data_list)
        with timezone.override(UTC):
            return super().compress(data_list)


class UTCDateRangeFilter(DateRangeFilter):
    """A range of UTC days."""

    field_class = UTCDateRangeField


class MomentField(forms.DateTimeField):
    """A date and time from 1900 to 2999: with an offset, or else in the active time zone."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment is None:
            return None
        for validate in VALIDATORS:
            validate(moment.date())
        if not settings.USE_TZ and timezone.is_aware(moment):
            return timezone.make_naive(moment, timezone.get_default_timezone())
        return moment

    def prepare_value(self, value: Any) -> Any:
        """A valid value from a URL as the widget shows it: in the active time zone."""
        try:
            return super().prepare_value(self.to_python(value))
        except ValidationError:
            return value


class SinceFilter(django_filters.Filter):
    """From a moment on, to the minute."""

    field_class = MomentField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lookup_expr="gte", widget=AdminDateTimeInput, **kwargs)


class SinceFilterAdapter(BaseFilterAdapter):
    """Shows the moment above the list in the user's format and time zone."""

    def get_active_filters(self) -> Iterator[ActiveFilter]:
        for shown in super().get_active_filters():
            yield shown._replace(value=moments.short(local_time(self.value)))


register_filter_adapter_class(SinceFilter, SinceFilterAdapter)
