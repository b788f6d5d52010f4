"""Find the preset that reads a file: a platform's, or that of our own exports."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition

from . import own_export
from .platforms import CHANGE_ORG, GOOGLE_FORMS, MAILCHIMP_COLUMNS, OSDI, PLATFORMS, Preset
from .reading import Inspection
from .synonyms import key

NEEDED = 3
OWN = "own_export"
# Platforms whose headings may also be ours.
LIKE_OURS = (GOOGLE_FORMS, OSDI, CHANGE_ORG)


@dataclass(frozen=True)
class Found:
    """The preset of a file, and the meanings of its headings: {heading: meaning}."""

    preset: Preset
    columns: dict[str, str] = field(default_factory=dict)


def get_presets() -> dict[str, Any]:
    """All presets: {name: label}."""
    return {**{p.name: p.label for p in PLATFORMS}, OWN: _("An export of this site")}


def get_preset(name: str) -> Preset | None:
    """The preset with this name, or None."""
    if name == OWN:
        return own_preset()
    return next((preset for preset in PLATFORMS if preset.name == name), None)


def own_preset() -> Preset:
    """The preset of our own exports, whose columns depend on the petition."""
    return Preset(OWN, get_presets()[OWN], Origin.WEB, {}, lambda keys: False)


def find(inspection: Inspection, petition: Petition) -> Found | None:
    """The preset that matches a file, or None."""
    keys = {key(heading) for heading in inspection.headings}
    if not any(p.fits(keys) for p in PLATFORMS if p not in LIKE_OURS) and (
        columns := own_export.find(inspection, petition)
    ):
        return Found(own_preset(), columns)
    for preset in PLATFORMS:
        # Files of forms are sure to have only the timestamp.
        needed = 1 if preset.origin == Origin.FORM else NEEDED
        if preset.fits(keys) and len(preset.columns.keys() & keys) >= needed:
            return Found(preset, columns_for(preset, inspection))
    return None


def get(name: str, inspection: Inspection, petition: Petition) -> Found | None:
    """The preset with this name, even if the file doesn't match; None if there is none."""
    if name == OWN:
        return Found(own_preset(), own_export.find(inspection, petition, is_sure=True) or {})
    preset = get_preset(name)
    return Found(preset, columns_for(preset, inspection)) if preset else None


def columns_for(preset: Preset, inspection: Inspection) -> dict[str, str]:
    """The meanings of a file's headings in ``preset``, each at most once."""
    columns: dict[str, str] = {}
    filled = {key(column.heading): column.filled for column in inspection.columns}
    is_mailchimp = preset.columns is MAILCHIMP_COLUMNS
    for heading in inspection.headings:
        this = key(heading)
        if this not in preset.columns:
            continue
        meaning = preset.columns[this]
        if is_mailchimp and this == "confirmtime" and not filled.get("optintime"):
            meaning = "signed_at"
        elif is_mailchimp and this == "optintime" and not filled[this]:
            meaning = ""
        if meaning and meaning != "references" and meaning in columns.values():
            meaning = ""
        columns[heading] = meaning
    return columns
