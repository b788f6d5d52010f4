"""Read answers to a petition's questions from their labels in a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_petition.forms.numbers import read_whole_number
from wagtail_petition.models.search import fold

from .dates import NoDate, read_moment
from .reading.table import as_text
from .values import read_boolean

MULTIPLE, SINGLE = "several_choices", "one_choice"
LONGEST = {"short_text": 200, "long_text": 2000}


class Question:
    """A question, with the labels of its choices in all languages."""

    def __init__(self, pk: str) -> None:
        self.pk, self.kind, self.label = pk, "short_text", ""
        self.choices: dict[str, str] = {}

    def add(self, question: dict[str, Any]) -> None:
        """Add the question's labels in another language."""
        self.kind, self.label = question["type"], question["label"]
        for choice in question["choices"]:
            self.choices.setdefault(fold(choice["label"]), choice["id"])
            self.choices[fold(choice["id"])] = choice["id"]

    def read(self, cell: Any, order: str, zone) -> Any:
        """The answer in a cell, as stored in a signature, or None. Raises ``ValidationError``."""
        text = as_text(cell)
        if not text:
            return None
        if self.kind == SINGLE:
            return self._choice(text)
        if self.kind == MULTIPLE:
            return list(self._several(text))
        if self.kind == "tick_box":
            ticked = read_boolean(cell)
            if ticked is None:
                raise self._error(_("“%(value)s” in “%(label)s” is neither yes nor no."), text)
            return ticked or None
        if self.kind == "number":
            if isinstance(cell, (int, float)):
                return cell
            return read_whole_number(text)
        if self.kind == "date":
            try:
                moment, is_day = read_moment(cell, order, zone)
            except NoDate as error:
                raise self._error(_("“%(value)s” in “%(label)s” is no date."), text) from error
            return (moment if is_day else moment.astimezone(zone)).date().isoformat()
        text = text.replace("\r\n", "\n")
        if len(text) > LONGEST.get(self.kind, 2000):
            raise self._error(_("The answer to “%(label)s” is too long."), text)
        return text

    def _choice(self, text: str) -> str:
        choice = self.choices.get(fold(text))
        if choice is None:
            raise self._error(_("“%(value)s” is not one of the choices of “%(label)s”."), text)
        return choice

    def _several(self, text: str) -> Iterator[str]:
        """Yield the choices in a list. A label may contain a comma."""
        parts = [part.strip() for part in text.replace("،", ",").replace(";", ",").split(",")]
        while parts:
            for length in range(len(parts), 0, -1):
                if (choice := self.choices.get(fold(", ".join(parts[:length])))) is not None:
                    yield choice
                    del parts[:length]
                    break
            else:
                yield self._choice(parts[0])

    def _error(self, text: str, value: str) -> ValidationError:
        return ValidationError(text % {"value": value[:80], "label": self.label})


def as_questions(questions: Iterable[dict[str, Any]]) -> dict[str, Question]:
    """{id: ``Question``} from questions as in ``SignedText``, in several languages."""
    found: dict[str, Question] = {}
    for question in questions:
        found.setdefault(question["id"], Question(question["id"])).add(question)
    return found
