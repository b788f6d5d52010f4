"""Date filters that accept only dates that every database can store."""

from datetime import UTC, date
from typing import Any

import django_filters
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget

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
