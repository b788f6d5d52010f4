"""Lets a site with a base page of its own migrate: it has none of our page types."""

from django.db import migrations

from wagtail_petition.compat import PAGE_IS_SWAPPED

# The models that such a site doesn't have.
READY = {"petitionpage", "petitionupdatepage"}


class Migration(migrations.Migration):
    """Leaves out what concerns our page types where ``WAGTAIL_PAGE_MODEL`` is set.

    Every migration that has such an operation is based on it. Code that it runs (``RunPython``)
    has to look for the model itself.
    """

    def __init__(self, name, app_label):
        super().__init__(name, app_label)
        if PAGE_IS_SWAPPED:
            self.operations = [
                operation for operation in self.operations if not concerns_ready_page(operation)
            ]


def concerns_ready_page(operation):
    """Whether ``operation`` makes, changes or deletes one of our page types or a field of it."""
    model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return model.lower() in READY
