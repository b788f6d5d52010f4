"""Work in the background as a Django task, for sites whose task backend runs elsewhere."""

from django.utils.module_loading import import_string

from wagtail_petition.compat import task

PACKAGE = __name__.partition(".")[0]


@task()
def work_off(path):
    """Run the function of this package at a dotted path. Repeating it is harmless."""
    if not path.startswith(f"{PACKAGE}."):
        raise ValueError(f"{path} is not a function of {PACKAGE}.")
    import_string(path)()
