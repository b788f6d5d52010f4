"""Recognise this site's exports, in all languages and formats."""

from wagtail_petition.exports.resources import get_all_columns, get_signature_resource
from wagtail_petition.models.petition import Petition

from .dates import LANGUAGES
from .reading import Inspection

# The meanings of our columns that aren't named like the field.
MEANINGS = {"public_name": "", "petition": "", "country_code": "country"}
# The fields that are imported again.
FIELDS = {
    *(
        "number",
        "status",
        "given_name",
        "family_name",
        "email",
        "country",
        "postcode",
        "city",
        "region",
    ),
    *("message", "show_name", "wants_news", "language", "source", "signed_at", "confirmed_at"),
    *("origin", "origin_ref"),
    *("home_country", "home_region", "home_district", "home_place", "home_tie"),
}
# At least one of these columns must be there: others are too common.
TELLING = {"status", "confirmed_at", "signed_at"}
FEWEST = 3
ANSWER = "answer_"


def find(
    inspection: Inspection, petition: Petition, *, is_sure: bool = False
) -> dict[str, str] | None:
    """The meanings of the headings of our export, as {heading: meaning}; None if it isn't one.

    Headings are the labels of our columns in one of the languages, or their names. Most of them
    must match, unless a person chose this preset (``is_sure``).
    """
    best: dict[str, str] = {}
    for language in (None, *LANGUAGES):
        resource = get_signature_resource(
            petitions=[petition], language=language or "en", columns=get_all_columns()
        )
        labels = {
            name if language is None else str(field.column_name): name
            for name, field in resource.fields.items()
        }
        # A question without answers here is recognised by its name only.
        names = {h: h if h.startswith(ANSWER) else labels.get(h) for h in inspection.headings}
        found = {heading: _meaning(name) for heading, name in names.items() if name}
        if len(found) > len(best):
            best = found
    is_ours = len(best) >= FEWEST and len(best) * 2 >= len(inspection.headings)
    if not is_sure and not (is_ours and TELLING & {*best.values()}):
        return None
    # Either the country's code or its name is read.
    first = next((h for h, meaning in best.items() if meaning == "country"), None)
    return {h: "" if m == "country" and h != first else m for h, m in best.items()}


def _meaning(name: str) -> str:
    if name.startswith(ANSWER):
        return f"answer:{name.removeprefix(ANSWER)}"
    meaning = MEANINGS.get(name, name)
    return meaning if meaning in FIELDS else ""
