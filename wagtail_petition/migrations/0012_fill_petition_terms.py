from datetime import timedelta

from django.apps import apps as installed
from django.db import migrations
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone, is_aware, localtime

# What petitions now have of their own, written from the page that sets it: the oldest, of which
# the others are translations.
TERMS = [
    *("goal", "opens_at", "closes_at", "ask_family_name", "ask_postcode", "ask_city", "ask_region"),
    *("ask_message", "ask_show_name", "ask_news", "retention_months", "send_reminder"),
]
READ = [*TERMS, "id", "title", "organisation", "live", "translation_key", "locale__language_code"]


def fill(apps, schema_editor):
    Petition = apps.get_model("wagtail_petition", "Petition")
    alias = schema_editor.connection.alias
    if not Petition.objects.using(alias).exists():
        # A new site, whose page types may have no table yet.
        return
    pages = read_pages(alias)
    for petition in Petition.objects.using(alias):
        # Before the date is put right: people were promised what it said.
        keep_promises(apps, alias, petition)
        if found := pages.get(petition.key):
            follow(petition, sorted(found, key=lambda page: page["id"]))
            petition.save(using=alias)


def read_pages(alias):
    """What the petition pages say, of every installed type: {key: [values, …]}.

    Of a site's own types this migration's state knows nothing, since it can't depend on theirs.
    So it asks the models as they are, for fields that they have had from the beginning.
    """
    found = {}
    for model in installed.get_models():
        names = {field.name for field in model._meta.fields}
        if model._meta.proxy or not {*TERMS, "alias_of", "translation_key"} <= names:
            continue
        for page in model._base_manager.using(alias).filter(alias_of=None).values(*READ):
            found.setdefault(page["translation_key"], []).append(page)
    return found


def follow(petition, pages):
    source = pages[0]
    for name in TERMS:
        setattr(petition, name, source[name])
    petition.title = source["title"]
    petition.organisation = source["organisation"]
    petition.source_language = source["locale__language_code"]
    petition.titles = {page["locale__language_code"]: page["title"] for page in pages}
    if any(page["live"] for page in pages):
        petition.erase_at = None
        if petition.closes_at:
            kept = timedelta(days=round(petition.retention_months * 365.25 / 12))
            petition.erase_at = petition.closes_at + max(kept, timedelta(days=1))


def keep_promises(apps, alias, petition):
    """Note with the texts signed when they say the data is erased, if that is the date so far."""
    if not petition.erase_at:
        return
    Signature = apps.get_model("wagtail_petition", "Signature")
    SignedText = apps.get_model("wagtail_petition", "SignedText")
    signed = Signature.objects.using(alias).filter(petition=petition).values("signed_text")
    for text in SignedText.objects.using(alias).filter(pk__in=signed, erase_at=None):
        if any(day in text.consent for day in days(petition.erase_at, text.language)):
            SignedText.objects.using(alias).filter(pk=text.pk).update(erase_at=petition.erase_at)


def days(moment, language):
    """The day as consent texts named it: that of UTC, and that of the site's zone."""
    moments = [moment]
    if is_aware(moment):
        moments.append(localtime(moment, get_default_timezone()))
    with translation.override(language):
        return {date_format(each, "DATE_FORMAT") for each in moments}


class Migration(migrations.Migration):
    dependencies = [("wagtail_petition", "0011_petition_terms")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
