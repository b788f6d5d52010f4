"""The signatures that the list's filters and search select, within the user's petitions."""

from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.forms.search import SearchForm

from wagtail_petition.access.filters import SignatureFilterSet
from wagtail_petition.access.permissions import editable_petitions, limit
from wagtail_petition.access.petitions import User
from wagtail_petition.access.search import search
from wagtail_petition.models import Petition, Signature


def get_ids(params: QueryDict) -> list[int] | None:
    """The ids of the ticked signatures in a query string, or None for all that match."""
    ticked = params.getlist("id")
    if "all" in ticked:
        return None
    return [int(pk) for pk in ticked if pk.isascii() and pk.isdigit() and len(pk) < 19]


class Selection:
    """The signatures that match filters and search, within the petitions of ``user``.

    ``params`` is the list's query string, as a ``QueryDict``. Invalid values select nothing, so
    that an action on "all that match" can't run on all signatures.
    """

    def __init__(self, user: User, params: QueryDict) -> None:
        self.user = user
        self.params = params
        self.scope = limit(Signature.objects.all(), user)

    @cached_property
    def filters(self) -> SignatureFilterSet:
        """The filter set, bound to the parameters."""
        return SignatureFilterSet(self.params, queryset=self.scope, user=self.user)

    @cached_property
    def search_form(self) -> SearchForm:
        """The search form, bound to the parameters if they hold a search."""
        form = SearchForm(
            self.params if "q" in self.params else None, placeholder=_("Name, email, #number")
        )
        # The placeholder has to fit on narrow screens. This is also read by screen readers.
        form.fields["q"].widget.attrs["title"] = _(
            "First or last name, email or its first letters, @domain, postcode or #number"
        )
        return form

    @cached_property
    def is_valid(self) -> bool:
        """Whether filters and search are valid."""
        return self.filters.is_valid() and (
            not self.search_form.is_bound or self.search_form.is_valid()
        )

    @cached_property
    def words(self) -> str:
        """The search text, or ""."""
        valid = self.search_form.is_bound and self.search_form.is_valid()
        return self.search_form.cleaned_data["q"].strip() if valid else ""

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The filters in use: {name: value}."""
        if not self.filters.is_valid():
            return {}
        cleaned = self.filters.form.cleaned_data
        return {name: value for name, value in cleaned.items() if value not in (None, "")}

    @property
    def is_all(self) -> bool:
        """Whether there is neither a search nor a filter, except by petition."""
        return self.is_valid and not self.words and not self.asked.keys() - {"petition"}

    @cached_property
    def queryset(self) -> QuerySet[Signature]:
        """The selected signatures, unordered."""
        if not self.is_valid:
            return self.scope.none()
        found = self.filters.filter_queryset(self.scope)
        return search(found, self.words) if self.words else found

    @property
    def petitions(self) -> QuerySet[Petition]:
        """The petitions whose signatures may be selected."""
        if petition := self.asked.get("petition"):
            return Petition.objects.filter(pk=petition.pk)
        return editable_petitions(self.user)

    def with_status(self, status: str) -> "Selection":
        """The same selection with another status, or "" for all."""
        params = self.params.copy()
        params["status"] = status
        return Selection(self.user, params)

    @property
    def query(self) -> str:
        """The filters and the search as a query string."""
        query = self.params.copy()
        for name in ("id", "next", "childOf", "p", "format", "preset", "_w_filter_fragment"):
            query.pop(name, None)
        return query.urlencode()

    def describe(self) -> dict[str, Any]:
        """The selection for a log: filters as text, and whether there was a search.

        The search text is left out, since it may be a person's name.
        """
        described = {}
        for name, value in self.asked.items():
            if isinstance(value, slice):
                value = [day and day.date().isoformat() for day in (value.start, value.stop)]
            elif isinstance(value, datetime):
                value = value.isoformat()
            described[name] = value.pk if isinstance(value, Model) else value
        # The same is true for a network or an address.
        for name in described.keys() & {"network", "address"}:
            described[name] = True
        if self.words:
            described["search"] = True
        return described
