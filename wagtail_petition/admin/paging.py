"""Pages of a list of millions: by where the last one ended, never by counting.

A page is asked for with ``p``: empty for the newest, ``older-<place>``, ``newer-<place>`` or
``oldest``. A place is the order's value of a row and its id: wherever it is, an index leads
there at once, while an offset walks all the way.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils.functional import cached_property

from wagtail_petition.clock import epoch

MICROSECOND = timedelta(microseconds=1)
# Matches of a filter are counted up to here.
COUNTED = 200


class Page:
    """Some rows of a ``queryset``, newest first.

    ``by`` is "pk" or the name of a field with times. ``count`` is the number of all rows where
    it is known; otherwise at most ``COUNTED`` + 1 of them are counted.
    """

    def __init__(self, queryset, asked, size, by="pk", count=None):
        self.by = by
        self.queryset = queryset.order_by(*([f"-{by}", "-pk"] if by != "pk" else ["-pk"]))
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
                # Fewer are newer than a page holds: the first page, then.
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
        value, pk = self.place
        if self.by == "pk":
            return Q(pk__lt=pk)
        # Says twice what is wanted, so that an index on the time alone is of use.
        return Q(**{f"{self.by}__lte": value}) & ~Q(**{self.by: value, "pk__gte": pk})

    def _is_newer(self):
        value, pk = self.place
        if self.by == "pk":
            return Q(pk__gt=pk)
        return Q(**{f"{self.by}__gte": value}) & ~Q(**{self.by: value, "pk__lte": pk})

    def _read(self, place):
        """(value, id) of a place, or None if it is none."""
        value, _dot, pk = place.rpartition(".")
        try:
            pk, value = int(pk), value and epoch() + int(value) * MICROSECOND
        except (ValueError, OverflowError):
            return None
        if abs(pk) >= 2**63 or bool(value) != (self.by != "pk"):
            return None
        return value, pk

    def _get_place(self, row):
        if self.by == "pk":
            return row.pk
        return f"{(getattr(row, self.by) - epoch()) // MICROSECOND}.{row.pk}"

    @property
    def next_page(self):
        """What asks for the page of older rows."""
        return f"older-{self._get_place(self.object_list[-1])}"

    @property
    def previous_page(self):
        """What asks for the page of newer rows."""
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
