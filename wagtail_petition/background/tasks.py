"""Run background work as a Django task (the setting ``BACKGROUND = "task"``)."""

from django.utils.module_loading import import_string

from wagtail_petition.compat import task

PACKAGE = __name__.partition(".")[0]


@task()
def work_off(path):
    """Run the function at the dotted ``path``. Safe to repeat.

    Raises ``ValueError`` if the function isn't in this package.
    """
    if not path.startswith(f"{PACKAGE}."):
        raise ValueError(f"{path} is not a function of {PACKAGE}.")
    import_string(path)()
