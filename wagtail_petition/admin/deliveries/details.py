"""Describe the choices made for a delivery, its contents, and its emails."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from wagtail.admin.utils import get_user_display_name

from wagtail_petition.clock import local_time
from wagtail_petition.countries import countries
from wagtail_petition.delivery import constituencies, notifications
from wagtail_petition.delivery.regions import region_key
from wagtail_petition.delivery.split import split_choices
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.formats import language_name, listed, number
from wagtail_petition.models import Delivery, DeliverySplit, Origin
from wagtail_petition.moments import written_date

State = Delivery.State

# The reasons in ``Delivery.left_out``.
LEFT_OUT = {
    "unconfirmed": gettext_lazy("not confirmed"),
    "withdrawn": gettext_lazy("withdrawn"),
    "invalidated": gettext_lazy("invalidated"),
    "erased": gettext_lazy("data erased"),
    "filtered": gettext_lazy("excluded by filters"),
    "paper": gettext_lazy("paper signatures without names"),
}


SPLITS = {
    "country": gettext_lazy("Split by country"),
    "region": gettext_lazy("Split by region"),
    "home_region": gettext_lazy("Split by state or region where they vote"),
    "home_district": gettext_lazy("Split by district where they vote"),
}


def describe_split(split: DeliverySplit) -> str:
    """By what ``split`` is split, with the label of its question if it is one."""
    if split.by in SPLITS:
        return str(SPLITS[split.by])
    label, _choices = split_choices(split.petition).get(split.by, (_("Answer"), []))
    return _("Split by answer to “%(question)s”") % {"question": label}


def describe(delivery: Delivery) -> list[tuple[str, str]]:
    """(label, value) pairs of the choices made for ``delivery``. Empty values are left out."""
    fields = get_signature_resource(petitions=[delivery.petition]).fields
    labels = {name: str(field.column_name) for name, field in fields.items()}
    labels["answers"] = _("Answers to questions")
    files = {"pdf": _("PDF, with a cover letter")}
    pairs = [
        (_("Petition"), str(delivery.petition)),
        (_("Office"), delivery.office),
        (_("Language"), language_name(delivery.language)),
        (_("Columns"), listed(labels.get(name, name) for name in delivery.columns)),
        (_("Sort by"), delivery.get_order_display()),
        (_("Files"), listed(files.get(name, name.upper()) for name in delivery.formats)),
        (
            _("Signatures"),
            _("Only new signatures (not yet delivered to this recipient)")
            if delivery.only_new
            else _("All signatures"),
        ),
        *_describe_filters(delivery),
        (
            _("Excluded"),
            listed(
                f"{number(count)} {LEFT_OUT.get(reason, reason)}"
                for reason, count in delivery.left_out.items()
            ),
        ),
        (_("Emails"), describe_emails(delivery)),
        (_("Created by"), get_user_display_name(delivery.created_by)),
    ]
    return [(label, value) for label, value in pairs if value]


def _describe_filters(delivery):
    filters = delivery.filters
    origins = dict(Origin.choices)
    yes = _("Yes")
    regions = {region_key(region): region for region in reversed(filters.get("regions", []))}
    return [
        (
            _("Countries"),
            listed(countries.name(code) or code for code in filters.get("countries", [])),
        ),
        # One spelling of each.
        (_("States or regions"), listed(region or _("No region") for region in regions.values())),
        (_("Where they vote"), constituencies.describe(filters)),
        (_("Languages"), listed(map(language_name, filters.get("languages", [])))),
        (
            pgettext("where a signature was given", "Origin"),
            listed(origins.get(each, each) for each in filters.get("origins", [])),
        ),
        (_("Not on paper"), yes if filters.get("not_paper") else ""),
        (_("Confirmed on this site"), yes if filters.get("confirmed_here") else ""),
        (_("Public names only"), yes if filters.get("public") else ""),
        *([_describe_answer(delivery, **filters["answer"])] if "answer" in filters else []),
    ]


def _describe_answer(delivery, question, value):
    label, choices = split_choices(delivery.petition).get(question, (_("Answer"), []))
    return str(label), _("No answer") if value is None else dict(choices).get(value, value)


def describe_emails(delivery: Delivery) -> str:
    """How many signers in ``delivery`` can be, will be or were emailed. Empty before it is built."""
    if delivery.state == State.READY:
        count = notifications.count(delivery)
        return ngettext(
            "%(count)s signer can be notified when you mark it as delivered",
            "%(count)s signers can be notified when you mark it as delivered",
            count,
        ) % {"count": number(count)}
    if delivery.state != State.DELIVERED:
        return ""
    if not delivery.tells_signers:
        return _("The signers were not notified")
    if delivery.told_at is None:
        count = notifications.count(delivery)
        return ngettext(
            "%(count)s signer will be emailed", "%(count)s signers will be emailed", count
        ) % {"count": number(count)}
    date = written_date(local_time(delivery.told_at))
    if delivery.told_count is None:
        return _("The signers were notified on %(date)s") % {"date": date}
    return ngettext(
        "%(count)s signer was emailed on %(date)s",
        "%(count)s signers were emailed on %(date)s",
        delivery.told_count,
    ) % {"count": number(delivery.told_count), "date": date}
