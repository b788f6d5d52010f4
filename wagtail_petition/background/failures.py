"""The messages for users on errors of background work."""

import errno

from django.utils.translation import gettext as _

from wagtail_petition.extras import MissingExtra


class Failure(Exception):
    """Background work can't be done. The message is for the user."""


def explain(error: Exception) -> str:
    """The message on what happened and what to do. Callers write the details to the log."""
    if isinstance(error, (Failure, MissingExtra)):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The server’s disk is full. Ask your administrator to make room, then try again.")
    return _(
        "An unexpected error occurred (%(error)s). Try again. If it happens again, ask your "
        "administrator to look into the log."
    ) % {"error": type(error).__name__}
