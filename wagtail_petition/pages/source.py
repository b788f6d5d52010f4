"""The source page of a petition: the one that its translations are made from."""

import swapper
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from wagtail_petition.pages.lookup import petition_page_models


def source_pages() -> QuerySet:
    """The source page of each petition, live or not, as plain pages.

    The source is the oldest page of a petition. A translation is always younger than the page it
    was made from, so nobody makes a page the source by translating. If the source is deleted, the
    oldest page that is left takes its place. An alias is no page of its own.
    """
    pages = swapper.load_model("wagtailcore", "Page").objects.filter(alias_of=None)
    older = pages.filter(translation_key=OuterRef("translation_key"), pk__lt=OuterRef("pk"))
    types = ContentType.objects.get_for_models(*petition_page_models(), for_concrete_models=False)
    return pages.filter(~Exists(older.order_by()), content_type__in=types.values())
