"""The checklist in the editor."""

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import Panel

from . import Check, Level, checklist, summary


def as_context(checks: list[Check]) -> dict:
    """The context of the checklist's template."""
    return {
        "summary": summary(checks),
        "level": checks[0].level.value,
        "open_checks": [check for check in checks if check.level is not Level.DONE],
        "done_checks": [check for check in checks if check.level is Level.DONE],
    }


class ChecklistPanel(Panel):
    """The checklist at the top of the editor. Checks that are done are collapsed."""

    def __init__(self, **kwargs):
        super().__init__(
            **{"heading": gettext_lazy("Publishing checklist"), "icon": "list-ul"} | kwargs
        )

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_petition/admin/checklist_panel.html"

        class Media:
            js = ["wagtail_petition/checklist.js"]

        def get_context_data(self, parent_context=None):
            """Adds the context of the checklist's template."""
            return super().get_context_data(parent_context) | as_context(checklist(self.instance))
