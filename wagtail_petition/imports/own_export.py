"""Our own exports, in whichever language and format: what they say is read as it was."""

from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.models.petition import Petition

from .dates import LANGUAGES
from .reading import Inspection

# What our own columns mean where they are not called like the field.
MEANINGS = {"number": "", "public_name": "", "petition": "", "country_code": "country"}
# What we read of them again.
FIELDS = {
    *("status", "given_name", "family_name", "email", "country", "postcode", "city", "region"),
    *("message", "show_name", "wants_news", "language", "source", "signed_at", "confirmed_at"),
    *("origin", "origin_ref"),
}
# Without one of these it may be anybody's list.
TELLING = {"status", "confirmed_at", "signed_at"}
FEWEST = 3
ANSWER = "answer_"


def find(
    inspection: Inspection, petition: Petition, *, is_sure: bool = False
) -> dict[str, str] | None:
    """What the headings of an export of ours mean: {heading: meaning}; None if it is none.

    They are the labels of our columns in one of the languages, or their names. Most must be, unless
    a person says that it is one (``is_sure``).
    """
    best: dict[str, str] = {}
    for language in (None, *LANGUAGES):
        resource = get_signature_resource(petitions=[petition], language=language or "en")
        labels = {
            name if language is None else str(field.column_name): name
            for name, field in resource.fields.items()
        }
        # A question that nobody has answered here yet is known by its name alone.
        names = {h: h if h.startswith(ANSWER) else labels.get(h) for h in inspection.headings}
        found = {heading: _meaning(name) for heading, name in names.items() if name}
        if len(found) > len(best):
            best = found
    is_ours = len(best) >= FEWEST and len(best) * 2 >= len(inspection.headings)
    if not is_sure and not (is_ours and TELLING & {*best.values()}):
        return None
    # The code of a country and its name: one of them is enough.
    first = next((h for h, meaning in best.items() if meaning == "country"), None)
    return {h: "" if m == "country" and h != first else m for h, m in best.items()}


def _meaning(name: str) -> str:
    if name.startswith(ANSWER):
        return f"answer:{name.removeprefix(ANSWER)}"
    meaning = MEANINGS.get(name, name)
    return meaning if meaning in FIELDS else ""
