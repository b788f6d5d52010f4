"""The site's name, navigation and languages."""

from django import template
from wagtail.models import Site

register = template.Library()


def _site(context):
    return Site.find_for_request(context["request"])


@register.simple_tag(takes_context=True)
def site_name(context):
    """The organisation's name."""
    return _site(context).site_name


@register.simple_tag(takes_context=True)
def site_home(context):
    """The home page in the visitor's language."""
    return _site(context).root_page.localized.specific


@register.simple_tag
def menu_of(home):
    """The pages below ``home`` that are shown in menus."""
    return home.get_children().live().in_menu()


@register.simple_tag
def languages_of(page):
    """The page in every language it is published in, its own included."""
    if not page:
        return []
    return page.get_translations(inclusive=True).live().select_related("locale").order_by("locale")
