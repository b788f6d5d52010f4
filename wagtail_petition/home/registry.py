"""Find the scheme of a country, and the names of codes."""

import functools
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

from wagtail_petition.conf import settings

from .fr import France
from .gb import UnitedKingdom
from .it import Italy
from .scheme import HomeScheme
from .us import UnitedStates

OURS: dict[str, type[HomeScheme]] = {
    "FR": France,
    "GB": UnitedKingdom,
    "IT": Italy,
    "US": UnitedStates,
}


@functools.cache
def get_scheme(country: str) -> HomeScheme | None:
    """The scheme of a country (two letters): a site's, ours, or the list of its regions.

    None for "", and for countries that ``HOME_SCHEMES`` sets to None. Raises
    ``ImproperlyConfigured`` if a site's scheme isn't one.
    """
    if not country:
        return None
    own = settings.HOME_SCHEMES
    if country not in own:
        return OURS.get(country, HomeScheme)(country)
    if own[country] is None:
        return None
    found = import_string(own[country])
    if not (isinstance(found, type) and issubclass(found, HomeScheme)):
        raise ImproperlyConfigured(
            f'WAGTAIL_PETITION["HOME_SCHEMES"]["{country}"] is not a subclass of HomeScheme.'
        )
    return found(country)


def get_region_name(region: str) -> str:
    """The name of a region's code like "US-NY" in the active language, or the code itself."""
    scheme = get_scheme(region.partition("-")[0])
    return scheme.get_region_name(region) if scheme else region


def get_district_name(country: str, region: str, district: str) -> str:
    """The name of a district in the active language, like "NY-12"; "" without a district."""
    scheme = get_scheme(country)
    return str(scheme.get_district_name(region, district)) if scheme and district else district


@receiver(setting_changed)
def _reload(*, setting: str, **kwargs: Any) -> None:
    if setting == "WAGTAIL_PETITION":
        get_scheme.cache_clear()
