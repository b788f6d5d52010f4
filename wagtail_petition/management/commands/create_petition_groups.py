"""``manage.py create_petition_groups``: the groups that most organisations need."""

import swapper
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import GroupPagePermission, Site

OURS = "wagtail_petition"
REPRESENTATIVES = [f"{action}_representative" for action in ("view", "add", "change", "delete")]


class Command(BaseCommand):
    help = (
        "Creates the groups Petition editors, Signature managers and Signature exporters, or gives "
        "them what they lack. Editors get the pages and the figures of their petitions; managers "
        "and exporters get the signatures of those petitions whose source page they may change, so "
        "make them editors as well. Editors alone see no names and addresses."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--page",
            type=int,
            action="append",
            help="The id of a page below which editors may work; may be repeated. "
            "Default: the root page of every site.",
        )

    @transaction.atomic
    def handle(self, *, page, **options):
        pages = self.find_pages(page)
        editors = self.give(_("Petition editors"), ["view_petition", *REPRESENTATIVES])
        self.give_pages(editors, pages)
        self.tell_about_names(editors)
        self.give(
            _("Signature managers"),
            [
                *("view_signature", "change_signature", "import_signature", "erase_signature"),
                *("change_petition", "view_delivery", "add_delivery", "change_delivery"),
                "send_update",
                *("view_blockrule", "add_blockrule", "change_blockrule", "delete_blockrule"),
                *REPRESENTATIVES,
            ],
        )
        self.give(_("Signature exporters"), ["view_signature", "export_signature", "view_delivery"])

    def find_pages(self, pks):
        """The pages with these ids, by default all sites' root pages."""
        if pks is None:
            pks = Site.objects.values_list("root_page", flat=True)
        pages = swapper.load_model("wagtailcore", "Page").objects.filter(pk__in=pks)
        if missing := set(pks) - {page.pk for page in pages}:
            raise CommandError(f"There are no pages with these ids: {sorted(missing)}")
        return pages

    def give(self, name, codenames):
        """Create the group ``name`` if needed, and add these permissions. Returns the group."""
        group, created = Group.objects.get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label=OURS, codename__in=codenames),
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        )
        self.stdout.write(f"{'Created' if created else 'Brought up to date'}: {name}")
        return group

    def tell_about_names(self, editors):
        """Tell that ``editors`` can view signatures, as earlier versions allowed."""
        if editors.permissions.filter(
            content_type__app_label=OURS, codename="view_signature"
        ).exists():
            self.stdout.write(
                f"{editors.name} may view signatures, with names and addresses, as earlier "
                "versions let them. If they need not, take that permission from the group."
            )

    def give_pages(self, group, pages):
        """Let the group add, change and publish pages below ``pages``."""
        model = swapper.load_model("wagtailcore", "Page")
        permissions = Permission.objects.filter(
            content_type__app_label=model._meta.app_label,
            codename__in=[
                f"{action}_{model._meta.model_name}" for action in ("add", "change", "publish")
            ],
        )
        for page in pages:
            for permission in permissions:
                GroupPagePermission.objects.get_or_create(
                    group=group, page=page, permission=permission
                )
