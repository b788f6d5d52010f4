"""The columns of the overview of petitions."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import ButtonsColumnMixin, Column, TitleColumn
from wagtail.admin.widgets.button import ButtonWithDropdown

from wagtail_petition.admin.base import petition_buttons
from wagtail_petition.admin.tables import FigureColumn
from wagtail_petition.models.progress import Progress


class CountColumn(FigureColumn):
    """The count with the goal below it."""

    cell_template_name = "wagtail_petition/admin/cells/count.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        has_page = instance.main_page is not None
        context["goal"] = Progress(instance.total_count, instance.goal).goal if has_page else None
        return context


class PetitionColumn(ButtonsColumnMixin, TitleColumn):
    """The title with buttons, and a note if the petition has no page."""

    cell_template_name = "wagtail_petition/admin/cells/petition.html"

    def get_buttons(self, instance, parent_context):
        return [
            ButtonWithDropdown(
                buttons=petition_buttons(parent_context["request"].user, instance),
                icon_name="dots-horizontal",
                attrs={
                    "aria-label": _("More options for “%(title)s”") % {"title": str(instance)},
                },
            )
        ]


class PagesColumn(Column):
    """A link to edit the page of each language."""

    cell_template_name = "wagtail_petition/admin/cells/pages.html"
