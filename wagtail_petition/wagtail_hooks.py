"""Register our parts of Wagtail's admin."""

from django.contrib.auth.models import Permission
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from .admin import log_actions
from .admin.petitions import page_hooks, publishing
from .admin.petitions.home import PetitionsPanel, PetitionsSummaryItem
from .admin.signatures.search_area import SignaturesSearchArea
from .admin.signatures.views.bulk_actions import ACTIONS
from .admin.updates.action_menu import SendUpdateMenuItem
from .admin.updates.viewsets import UpdateViewSet
from .admin.viewsets import PetitionViewSetGroup
from .public.metadata import add_link_header


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [PetitionViewSetGroup(), UpdateViewSet()]


@hooks.register("register_admin_search_area")
def register_search_area():
    return SignaturesSearchArea(
        _("Signatures"),
        reverse("petition_signatures:index"),
        name="petition-signatures",
        icon_name="list-ul",
        order=250,
    )


@hooks.register("insert_global_admin_css")
def add_stylesheet():
    return format_html('<link rel="stylesheet" href="{}">', static("wagtail_petition/admin.css"))


@hooks.register("construct_homepage_summary_items")
def add_summary_item(request, items):
    items.append(PetitionsSummaryItem(request))


@hooks.register("construct_homepage_panels")
def add_home_panel(request, panels):
    panels.append(PetitionsPanel())


hooks.register("on_serve_page", add_link_header)
hooks.register("register_page_header_buttons", page_hooks.header_buttons)
hooks.register("register_page_header_buttons", page_hooks.help_button)
hooks.register("register_page_listing_buttons", page_hooks.listing_buttons)
hooks.register("register_page_action_menu_item", publishing.PublishLanguagesMenuItem)
hooks.register("register_page_action_menu_item", SendUpdateMenuItem)
hooks.register("after_publish_page", publishing.publish_languages)
hooks.register("after_publish_page", page_hooks.tell_after_publish)
hooks.register("after_publish_page", page_hooks.offer_deadline_after_publish)
hooks.register("before_delete_page", page_hooks.tell_before_delete)
hooks.register("before_move_page", page_hooks.tell_before_move)
hooks.register("after_unpublish_page", page_hooks.tell_after_unpublish)
hooks.register("before_bulk_action", page_hooks.tell_before_bulk_action)
hooks.register("after_bulk_action", page_hooks.tell_after_bulk_action)


hooks.register("register_log_actions", log_actions.register)
for action in ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("register_permissions")
def register_petition_permissions():
    """The permissions on petitions, deliveries, representatives, and the one to send updates."""
    return Permission.objects.filter(
        content_type__app_label="wagtail_petition",
        codename__in=[
            *("view_petition", "change_petition"),
            *("view_delivery", "add_delivery", "change_delivery"),
            *("view_representative", "add_representative"),
            *("change_representative", "delete_representative"),
            "send_update",
        ],
    )
