"""Pages of a list of millions: by where the last one ended, never by counting.

A page is asked for with ``p``: empty for the first, ``older-<place>`` for what follows a row,
``newer-<place>`` for what is before it, ``oldest`` for the last. A place is the order's value of
a row and its id: wherever it is, an index leads there at once, while an offset walks all the way.
Of names and numbers it is the id alone, so that no name is in an address.
"""

from datetime import timedelta

from django.db.models import DateTimeField, Q
from django.utils.functional import cached_property

from wagtail_petition.clock import epoch

MICROSECOND = timedelta(microseconds=1)
# Matches of a filter are counted up to here.
COUNTED = 200


class Page:
    """Some rows of a ``queryset`` in the order of ``by``: a field that has no nulls, with a "-"
    for the largest first; among equals in that of their ids.

    ``count`` is the number of all rows where it is known; otherwise at most ``COUNTED`` + 1 of
    them are counted.
    """

    def __init__(self, queryset, asked, size, by="-pk", count=None):
        self.by, self.descending = by.removeprefix("-"), by.startswith("-")
        field = queryset.model._meta.pk if self.by == "pk" else None
        field = field or queryset.model._meta.get_field(self.by)
        self.is_by_time = isinstance(field, DateTimeField)
        dash = "-" if self.descending else ""
        self.queryset = queryset.order_by(*dict.fromkeys([by, f"{dash}pk"]))
        self.known_count = count
        direction, _dash, place = (asked or "").partition("-")
        self.place = self._read(place)
        if direction == "oldest":
            self._take_backwards(self.queryset, size)
            self.has_next = False
        elif direction == "newer" and self.place:
            self._take_backwards(self.queryset.filter(self._is_newer()), size)
            self.has_next = True
            if len(self.object_list) < size:
                # Fewer come before than a page holds: the first page, then.
                self._take(self.queryset, size)
                self.has_previous = False
        elif direction == "older" and self.place:
            self._take(self.queryset.filter(self._is_older()), size)
            self.has_previous = True
        else:
            self._take(self.queryset, size)
            self.has_previous = False

    def __iter__(self):
        return iter(self.object_list)

    def __len__(self):
        return len(self.object_list)

    def __getitem__(self, index):
        return self.object_list[index]

    def _take(self, queryset, size):
        rows = list(queryset[: size + 1])
        self.object_list, self.has_next = rows[:size], len(rows) > size

    def _take_backwards(self, queryset, size):
        rows = list(queryset.reverse()[: size + 1])
        self.object_list, self.has_previous = rows[:size][::-1], len(rows) > size

    def _is_older(self):
        return self._is_beyond("lt" if self.descending else "gt")

    def _is_newer(self):
        return self._is_beyond("gt" if self.descending else "lt")

    def _is_beyond(self, comparison):
        """What is less ("lt") or greater ("gt") than the place."""
        value, pk = self.place
        if self.by == "pk":
            return Q(**{f"pk__{comparison}": pk})
        # Says twice what is wanted, so that an index on the value alone is of use.
        opposite = "gte" if comparison == "lt" else "lte"
        return Q(**{f"{self.by}__{comparison}e": value}) & ~Q(
            **{self.by: value, f"pk__{opposite}": pk}
        )

    def _read(self, place):
        """(value, id) of a place, or None if it is none."""
        value, _dot, pk = place.rpartition(".")
        try:
            pk, value = int(pk), value and epoch() + int(value) * MICROSECOND
        except (ValueError, OverflowError):
            return None
        if abs(pk) >= 2**63 or bool(value) != self.is_by_time:
            return None
        if self.by != "pk" and not self.is_by_time:
            rows = self.queryset.model._default_manager.filter(pk=pk)
            value = rows.values_list(self.by, flat=True).first()
            return None if value is None else (value, pk)
        return value, pk

    def _get_place(self, row):
        if not self.is_by_time:
            return row.pk
        return f"{(getattr(row, self.by) - epoch()) // MICROSECOND}.{row.pk}"

    @property
    def next_page(self):
        """What asks for the page after this one."""
        return f"older-{self._get_place(self.object_list[-1])}"

    @property
    def previous_page(self):
        """What asks for the page before this one."""
        return f"newer-{self._get_place(self.object_list[0])}"

    # What Wagtail's listing asks of a page and a paginator.

    @property
    def paginator(self):
        return self

    @property
    def has_other_pages(self):
        """Whether there are more rows than these."""
        return self.has_next or self.has_previous

    def get_elided_page_range(self, number):
        """Pages have no numbers."""
        return []

    @cached_property
    def count(self):
        """How many rows there are: exact if it is known or at most ``COUNTED``."""
        if self.known_count is not None:
            return self.known_count
        if not self.has_other_pages:
            return len(self.object_list)
        return self.queryset[: COUNTED + 1].count()

    @property
    def is_more(self):
        """Whether there are more rows than were counted."""
        return self.known_count is None and self.count > COUNTED
