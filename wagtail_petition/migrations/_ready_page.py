"""Lets a site with a base page of its own migrate: it has no ``PetitionPage``."""

from django.db import migrations

from wagtail_petition.compat import PAGE_IS_SWAPPED


class Migration(migrations.Migration):
    """Leaves out what concerns ``PetitionPage`` where ``WAGTAIL_PAGE_MODEL`` is set.

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
    """Whether ``operation`` makes, changes or deletes ``PetitionPage`` or a field of it."""
    model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return model.lower() == "petitionpage"
