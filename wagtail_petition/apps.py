"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WagtailPetitionConfig(AppConfig):
    name = "wagtail_petition"
    verbose_name = _("Petitions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import checks, deployment_checks, signal_handlers  # noqa: F401
        from .access.permissions import policies  # Needs all apps to be loaded.
        from .compat import mend_site_history, register_policies
        from .delivery import recipient_emails
        from .mail import notice, tracking

        tracking.connect()
        notice.connect()
        recipient_emails.connect()
        register_policies(policies)
        mend_site_history()
