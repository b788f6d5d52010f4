"""The base of all tables of signatures: choosing columns, reading rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from import_export.fields import Field
from import_export.resources import ModelResource

from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.pages.lookup import find_page

from .columns import AnswerColumn, Column
from .writers import Format


class TableResource(ModelResource):
    """A table of signatures. Subclasses declare its columns.

    ``petitions`` are the petitions to export. Their questions can become columns. ``language`` is
    the language of labels, countries and questions, by default the active one. ``columns`` are
    the names of columns in order, by default those of ``get_default_columns``. "answers" means
    the columns of all questions, "answer_<question id>" of one.
    """

    class Meta:
        model = Signature
        # Only declared fields become columns.
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
        self.language = language or translation.get_language()
        with translation.override(self.language):
            self.fields = {
                name: field.bind() if isinstance(field, Column) else field
                for name, field in self.get_columns(columns).items()
            }

    def get_default_columns(self) -> list[str]:
        """The names of the columns without a choice. You can override this method."""
        return list(self.fields)

    def get_columns(self, wanted: Sequence[str] | None = None) -> dict[str, Field]:
        """The fields in order, as {name: field}. You can override this method."""
        if wanted is None:
            wanted = self.get_default_columns()
        answers = {}
        if any(name.startswith("answer") for name in wanted):
            answers = self.get_answer_columns()
        known = {**self.fields, **answers}
        names = chain.from_iterable(answers if name == "answers" else [name] for name in wanted)
        return {name: known[name] for name in names}

    def get_answer_columns(self) -> dict[str, Field]:
        """A column ``answer_<question id>`` for each question that signers were asked.

        Labels come from the newest signed text in the export's language, else in any language.
        Fields of a site's own form are questions too, even if the signed texts don't list them.
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
                yield from page.own_questions

    def get_export_order(self) -> tuple[str, ...]:
        """The order of ``fields``."""
        return tuple(self.fields)

    def get_frame(self, format: Format) -> tuple[list[str], dict[str, Any]]:
        """The header and options for the writer of ``format``."""
        header = list(self.fields) if format.by_name else self.get_export_headers()
        with translation.override(self.language):
            is_rtl = translation.get_language_bidi()
        return header, {"right_to_left": is_rtl} if format.has_sheets else {}

    def get_rows(self, queryset: QuerySet[Signature]) -> Iterator[list[Any]]:
        """Yield a row for each signature of ``queryset``."""
        return (row for row, _values in self.get_rows_with(queryset))

    def get_rows_with(
        self, queryset: QuerySet[Signature], *names: str
    ) -> Iterator[tuple[list[Any], Sequence[Any]]]:
        """Yield (row, values) for each signature; ``names`` are the fields to give values of."""
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
    """Plan which fields to read, ``names`` first, and how to make the columns from them.

    Returns the names of fields, and a pair for each column: a function that picks its value (a
    tuple for several sources) from the fields' values, and its ``render``.
    """
    # Each name once, because values_list() of Django 5.2.0 drops repeated names.
    columns = list(columns)
    sources = list(dict.fromkeys(chain(names, *(column.sources for column in columns))))
    plan = [(itemgetter(*map(sources.index, column.sources)), column.render) for column in columns]
    return sources, plan
