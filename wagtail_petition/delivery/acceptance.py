"""Compare a delivery with what its recipient accepts."""

from collections.abc import Iterator
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from wagtail_petition.blocks.profiles import FORMATS, PAPER, Profile
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.formats import language_name, listed
from wagtail_petition.models.delivery import Delivery

from .columns import ANSWERS

MEGABYTE = 1024 * 1024


def get_profile(page: Any, recipient: str) -> Profile | None:
    """What a recipient of ``page`` with this name accepts, or None if it isn't known."""
    for block in page.recipients:
        accepts = block.value.get("accepts")
        if accepts and block.value.get("name") == recipient:
            return accepts.profile
    return None


def mismatches(profile: Profile, delivery: Delivery, size: int) -> list[str]:
    """What doesn't match in an unsaved delivery, with files of about ``size`` bytes: sentences."""
    return [*_columns(profile, delivery), *_files(profile, delivery, size)]


def _columns(profile: Profile, delivery: Delivery) -> Iterator[str]:
    fields = get_signature_resource(petitions=[delivery.petition]).fields
    labels = {name: str(field.column_name) for name, field in fields.items()}
    labels[ANSWERS] = _("Answers to questions")
    needed = []
    if "address" in profile.needs:
        needed += ["postcode", "city"]
        # The form has no field for the street: it is asked in a question.
        needed += [ANSWERS] if any(name.startswith("answer_") for name in fields) else []
    if "district" in profile.needs:
        needed.append("home_district")
    if profile.emails == "wanted":
        needed.append("email")
    missing = [name for name in needed if name not in delivery.columns]
    if absent := [name for name in missing if name not in labels]:
        labels["home_district"] = _("District")
        yield _("The recipient needs what this petition doesn’t ask for: %(columns)s.") % {
            "columns": listed(labels.get(name, name) for name in absent)
        }
    if forgotten := [name for name in missing if name not in absent]:
        yield _("The recipient needs these columns too: %(columns)s.") % {
            "columns": listed(labels[name] for name in forgotten)
        }
    if profile.emails == "unwanted" and "email" in delivery.columns:
        yield _("The recipient doesn’t want email addresses: leave the column out.")


def _files(profile: Profile, delivery: Delivery, size: int) -> Iterator[str]:
    if "handwritten" in profile.needs:
        yield _(
            "The recipient counts handwritten signatures only, and these files are typed. Hand over "
            "the signed sheets of paper."
        )
    if profile.formats:
        # A PDF can be printed.
        accepted = {"pdf" if name == PAPER else name for name in profile.formats}
        refused = [name for name in delivery.formats if name not in accepted]
        names = dict(FORMATS)
        if refused and accepted.isdisjoint(delivery.formats):
            yield _("The recipient accepts none of these files. Choose: %(formats)s.") % {
                "formats": listed(names[name] for name in profile.formats)
            }
        elif refused:
            yield _("The recipient doesn’t accept these files: %(formats)s.") % {
                "formats": listed(names[name] for name in refused)
            }
    if profile.largest and size > profile.largest * MEGABYTE:
        yield _(
            "The recipient accepts up to %(largest)d MB, and these files will have about %(size)s: "
            "choose fewer files, or split the delivery."
        ) % {"largest": profile.largest, "size": filesizeformat(size)}
    if not profile.accepts_language(delivery.language):
        yield _(
            "The recipient doesn’t accept documents in this language. Choose: %(languages)s."
        ) % {"languages": listed(map(language_name, profile.languages))}
