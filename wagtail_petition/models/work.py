"""What a manager asks to be done with many signatures, outside of the request."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SelectedWork(models.Model):
    """Work on the signatures that ``user`` selected in the list.

    A model of it has a ``State`` with ``RUNNING``, and says with ``count`` how far it is.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The list's query string and, if not all that match it, the ids; emptied at the end, since
    # what was searched for may be a person.
    query = models.TextField(blank=True)
    ids = models.JSONField(null=True)
    # The same for the log, without what was searched for.
    selected = models.JSONField(default=dict)
    total = models.PositiveIntegerField(_("selected"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def is_at_work(self):
        """Whether there is still something to be done."""
        return self.state == self.State.RUNNING
