"""The one definition of what a signature looks like in a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource

from wagtail_petition.conf import settings
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.pages.lookup import find_page
from wagtail_petition.pages.texts import own_questions

from .columns import (
    AnswerColumn,
    Column,
    CountryCodeColumn,
    CountryNameColumn,
    LabelColumn,
    PublicNameColumn,
    yes_or_no,
)
from .writers import Format


class SignatureResource(ModelResource):
    """The columns of a signature, in their order.

    ``petitions`` are those whose signatures are exported: with several, a column names them;
    their questions become columns. ``language`` is that of labels, countries and questions, by
    default the active one. ``columns`` are the names of those wanted, in order, by default all;
    "answers" stands for a column for each question, "answer_<question id>" for that of one.

    A site adds or drops columns with a subclass in ``WAGTAIL_PETITION["SIGNATURE_RESOURCE"]``.
    As long as every field is a ``Column`` no objects are made, which is some ten times as fast;
    any other field of import-export works too.
    """

    petition = LabelColumn(
        _("Petition"),
        "petition_id",
        lambda: {petition.pk: str(petition) for petition in Petition.objects.all()},
    )
    number = Column(_("Number"), "number")
    status = LabelColumn(_("Status"), "status", lambda: dict(Signature.Status.choices))
    given_name = Column(_("First name"), "given_name")
    family_name = Column(_("Last name"), "family_name")
    public_name = PublicNameColumn(_("Public name"))
    email = Column(_("Email"), "email")
    country_code = CountryCodeColumn(_("Country code"), "country")
    country = CountryNameColumn(_("Country"), "country")
    postcode = Column(_("Postcode"), "postcode")
    city = Column(_("City"), "city")
    region = Column(_("State or region"), "region")
    message = Column(_("Message"), "message")
    show_name = LabelColumn(_("Name shown in public"), "show_name", yes_or_no)
    wants_news = LabelColumn(_("Opted in to updates"), "wants_news", yes_or_no)
    language = Column(_("Language"), "language")
    source = Column(_("Source"), "source")
    signed_at = Column(_("Signed"), "signed_at")
    confirmed_at = Column(_("Confirmed"), "confirmed_at")

    class Meta:
        model = Signature
        # Nothing by itself: a column is there because it is declared.
        exclude = [field.name for field in Signature._meta.get_fields()]
        chunk_size = 2000

    def __init__(
        self,
        petitions: Iterable[Petition] = (),
        language: str | None = None,
        columns: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.petitions = list(petitions)
        # import-export takes the column of the same name out of the class.
        self.language = language or translation.get_language()  # type: ignore[assignment]
        with translation.override(self.language):
            self.fields = {
                name: field.bind() if isinstance(field, Column) else field
                for name, field in self.get_columns(columns).items()
            }

    def get_columns(self, wanted: Sequence[str] | None = None) -> dict[str, Field]:
        """The fields by name, in order. You can override this method."""
        if wanted is None:
            wanted = list(self.fields)
            wanted.insert(wanted.index("message") + 1, "answers")
            if len(self.petitions) == 1:
                wanted.remove("petition")
        answers = {}
        if any(name.startswith("answer") for name in wanted):
            answers = self.get_answer_columns()
        known = {**self.fields, **answers}
        names = chain.from_iterable(answers if name == "answers" else [name] for name in wanted)
        return {name: known[name] for name in names}

    def get_answer_columns(self) -> dict[str, Field]:
        """A column for each question that somebody was asked, as ``answer_<question id>``.

        Its words are those of the newest text that was signed in the language wanted, else of
        the newest in any. A field of the site's own form is a question too, also if its text was
        signed before the form's fields were kept with it.
        """
        used = Signature.objects.filter(petition__in=self.petitions, signed_text=OuterRef("pk"))
        texts = SignedText.objects.filter(Exists(used)).order_by("pk")
        questions, labels = {}, {}
        for text in sorted(texts, key=lambda text: text.language == self.language):
            for question in text.questions:
                questions[question["id"]] = question
                for choice in question["choices"]:
                    labels.setdefault(question["id"], {})[choice["id"]] = choice["label"]
        for question in self._own_questions():
            questions.setdefault(question["id"], question)
            labels.setdefault(
                question["id"], {choice["id"]: choice["label"] for choice in question["choices"]}
            )
        return {
            f"answer_{pk}": AnswerColumn(
                question["label"], pk, question["type"], labels.get(pk, {})
            )
            for pk, question in questions.items()
        }

    def _own_questions(self) -> Iterator[dict[str, Any]]:
        for petition in self.petitions:
            if page := find_page(petition.key, self.language):
                page.petition = petition
                yield from own_questions(page)

    def get_export_order(self) -> tuple[str, ...]:
        """The order in which ``fields`` has them."""
        return tuple(self.fields)

    def get_frame(self, format: Format) -> tuple[list[str], dict[str, Any]]:
        """What a writer of ``format`` is told besides the rows: the header, and its options."""
        header = list(self.fields) if format.by_name else self.get_export_headers()
        with translation.override(self.language):
            is_rtl = translation.get_language_bidi()
        return header, {"right_to_left": is_rtl} if format.has_sheets else {}

    def get_rows(self, queryset: QuerySet[Signature]) -> Iterator[list[Any]]:
        """A row for each signature of ``queryset``, one at a time. See ``writers``."""
        return (row for row, _values in self.get_rows_with(queryset))

    def get_rows_with(
        self, queryset: QuerySet[Signature], *names: str
    ) -> Iterator[tuple[list[Any], Sequence[Any]]]:
        """Pairs of a row and the values of some of the signature's fields."""
        self.before_export(queryset)
        queryset = self.filter_export(queryset)
        fields = self.get_export_fields()
        if not all(map(self._needs_no_object, self.fields)):
            for signature in self.iter_queryset(queryset):
                row = [
                    field.get_cell(signature)
                    if self._needs_no_object(name)
                    else self.export_field(field, signature)
                    for name, field in self.fields.items()
                ]
                yield row, [signature.serializable_value(name) for name in names]
            return
        sources, plan = _plan(names, fields)
        values = queryset.values_list(*sources)
        for found in values.iterator(chunk_size=self.get_chunk_size()):
            row = [get(found) if render is None else render(get(found)) for get, render in plan]
            yield row, found[: len(names)]

    def _needs_no_object(self, name: str) -> bool:
        return isinstance(self.fields[name], Column) and not hasattr(self, f"dehydrate_{name}")


def _plan(
    names: Iterable[str], columns: Iterable[Column]
) -> tuple[list[str], Sequence[tuple[Callable, Callable | None]]]:
    """What to read of a signature, ``names`` first, and how each column is made from it.

    Returns the names of fields, and a pair for each column: what gets its value (a tuple, where it
    has several sources) from those of the fields, and what renders it.
    """
    # Each once: Django 5.2.0 drops what is asked for twice.
    columns = list(columns)
    sources = list(dict.fromkeys(chain(names, *(column.sources for column in columns))))
    plan = [(itemgetter(*map(sources.index, column.sources)), column.render) for column in columns]
    return sources, plan


def get_signature_resource(**kwargs: Any) -> SignatureResource:
    """The site's resource for signatures, made with ``kwargs``."""
    return import_string(settings.SIGNATURE_RESOURCE)(**kwargs)
