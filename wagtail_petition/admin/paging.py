"""Keyset paging for lists of millions of rows, without offsets.

The parameter ``p`` is empty for the first page, ``older-<place>`` for the rows after a row,
``newer-<place>`` for the rows before it, and ``oldest`` for the last page. A place is the value
of a row in the list's order and its id. An index finds it at once, while an offset would scan all
rows before it. For lists by name or number it is only the id, so that no name is in a URL.
"""

from datetime import timedelta

from django.db.models import DateTimeField, Q
from django.utils.functional import cached_property

from wagtail_petition.clock import epoch

MICROSECOND = timedelta(microseconds=1)
# Rows are counted up to this number.
COUNTED = 200


class Page:
    """A page of a ``queryset`` in the order of ``by``, then of the ids.

    ``by`` is a field without nulls, with "-" for descending order. ``count`` is the number of all
    rows if it is known; otherwise at most ``COUNTED`` + 1 rows are counted.
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
                # Fewer rows than a page: show the first page.
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
        """Matches rows less ("lt") or greater ("gt") than the place."""
        value, pk = self.place
        if self.by == "pk":
            return Q(**{f"pk__{comparison}": pk})
        # Redundant, but it lets the database use an index on the value alone.
        opposite = "gte" if comparison == "lt" else "lte"
        return Q(**{f"{self.by}__{comparison}e": value}) & ~Q(
            **{self.by: value, f"pk__{opposite}": pk}
        )

    def _read(self, place):
        """(value, id) of a place, or None if it is invalid."""
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
        """The value of ``p`` for the next page."""
        return f"older-{self._get_place(self.object_list[-1])}"

    @property
    def previous_page(self):
        """The value of ``p`` for the previous page."""
        return f"newer-{self._get_place(self.object_list[0])}"

    # The interface of pages and paginators that Wagtail's listing uses.

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
        """The number of rows, exact if it is known or at most ``COUNTED``."""
        if self.known_count is not None:
            return self.known_count
        if not self.has_other_pages:
            return len(self.object_list)
        return self.queryset[: COUNTED + 1].count()

    @property
    def is_more(self):
        """Whether there are more rows than were counted."""
        return self.known_count is None and self.count > COUNTED
