"""The checklist in the editor."""

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import Panel

from . import Check, Level, checklist, summary


def as_context(checks: list[Check]) -> dict:
    """What the template of the checklist needs."""
    return {
        "summary": summary(checks),
        "level": checks[0].level.value,
        "open_checks": [check for check in checks if check.level is not Level.DONE],
        "done_checks": [check for check in checks if check.level is Level.DONE],
    }


class ChecklistPanel(Panel):
    """The checklist at the top of the editor; what is done is folded."""

    def __init__(self, **kwargs):
        super().__init__(
            **{"heading": gettext_lazy("Publishing checklist"), "icon": "list-ul"} | kwargs
        )

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_petition/admin/checklist_panel.html"

        class Media:
            js = ["wagtail_petition/checklist.js"]

        def get_context_data(self, parent_context=None):
            """Adds what the checklist's template needs."""
            return super().get_context_data(parent_context) | as_context(checklist(self.instance))
