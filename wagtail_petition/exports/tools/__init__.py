"""Files that newsletter and campaign tools import."""

from collections.abc import Iterable

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from wagtail_petition.conf import settings
from wagtail_petition.exports.parts import write_csv_parts
from wagtail_petition.exports.writers import FORMATS, Format

from .base import CSV, Tool, ToolResource
from .congress import CongressResource
from .osdi import CollectionResource, HelperResource, write_collection, write_helpers
from .tables import (
    ActionNetworkResource,
    CiviActivitiesResource,
    CiviContactsResource,
    MailchimpResource,
    NationBuilderResource,
)

__all__ = [
    "CSV",
    "Tool",
    "ToolResource",
    "describe_format",
    "find_tool",
    "get_format",
    "get_tools",
]

OURS = [
    Tool("action_network", _("Action Network (CSV)"), ActionNetworkResource),
    Tool(
        "osdi",
        _("Action Network or OSDI (JSON Lines for its API)"),
        HelperResource,
        Format("jsonl", "application/jsonl", write_helpers),
    ),
    Tool(
        "osdi_collection",
        _("OSDI collection (JSON)"),
        CollectionResource,
        Format("json", "application/hal+json", write_collection),
    ),
    Tool(
        "nationbuilder",
        _("NationBuilder (CSV)"),
        NationBuilderResource,
        CSV._replace(write=write_csv_parts, is_split=True),
    ),
    Tool("civicrm_contacts", _("CiviCRM: contacts (CSV)"), CiviContactsResource),
    Tool("civicrm_activities", _("CiviCRM: activities (CSV)"), CiviActivitiesResource),
    Tool("congress", _("US Congress: for a delivery vendor (CSV)"), CongressResource),
    Tool("mailchimp", _("Mailchimp (CSV)"), MailchimpResource, takes_everyone=False),
]


def get_tools() -> dict[str, Tool]:
    """All tools by name: ours, then the site's own in ``EXPORT_TOOLS``."""
    own: Iterable[Tool] = map(import_string, settings.EXPORT_TOOLS)
    return {tool.name: tool for tool in (*OURS, *own)}


def find_tool(name: str) -> Tool | None:
    """The tool with this name, or None."""
    return get_tools().get(name)


def get_format(name: str) -> Format:
    """The format with this name, or the one of the tool with this name. Raises ``KeyError``."""
    return FORMATS[name] if name in FORMATS else get_tools()[name].format


def describe_format(name: str) -> str:
    """The tool's label, or the format in capitals, for people."""
    tool = find_tool(name)
    return str(tool.label) if tool else name.upper()
