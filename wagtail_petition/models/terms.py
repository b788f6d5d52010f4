"""What holds for a whole petition, in every language: its dates, its goal, and what it asks."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_petition.conf import settings

from .closing import ClosingDateTimeField


class Ask(models.TextChoices):
    """Whether the form asks for something."""

    NO = "no", _("Hidden")
    OPTIONAL = "optional", _("Optional")
    REQUIRED = "required", _("Required")


class State(models.TextChoices):
    """Whether a petition can be signed."""

    UPCOMING = "upcoming", _("Upcoming")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Terms(models.Model):
    """What people rely on when they sign, and what may not differ by language.

    Both a petition and its pages have these fields. The petition's own are what counts. They are
    written when its source page is published: the page that the others are translations of. A
    translation has a copy that may be out of date, so read ``page.terms`` instead of the page.
    """

    goal = models.PositiveIntegerField(
        _("goal"),
        null=True,
        blank=True,
        help_text=_("Leave blank for an automatic goal (100, 200, 500, 1,000 …)."),
    )
    opens_at = models.DateTimeField(
        _("opens"),
        null=True,
        blank=True,
        help_text=_("Signing starts then. Leave blank to open as soon as the page is published."),
    )
    closes_at = ClosingDateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_(
            "A date without a time includes that day. Leave blank to keep it open. Signers have "
            "another 24 hours to confirm."
        ),
    )
    ask_family_name = models.CharField(
        _("last name"),
        max_length=8,
        choices=[c for c in Ask.choices if c[0] != "no"],
        default=Ask.REQUIRED,
        help_text=_("Choose “Optional” to allow people with a single name."),
    )
    ask_postcode = models.CharField(
        _("postcode"), max_length=8, choices=Ask.choices, default=Ask.NO
    )
    ask_city = models.CharField(_("city"), max_length=8, choices=Ask.choices, default=Ask.NO)
    ask_region = models.CharField(
        _("state or region"), max_length=8, choices=Ask.choices, default=Ask.NO
    )
    ask_message = models.CharField(
        _("message"),
        max_length=8,
        choices=[c for c in Ask.choices if c[0] != "required"],
        default=Ask.NO,
        help_text=_("Lets signers add a comment."),
    )
    retention_months = models.PositiveSmallIntegerField(
        _("data retention (months)"),
        default=6,
        help_text=_(
            "After the closing date, personal data is erased; the total is kept. If you move the "
            "date or change this later, people who have signed keep the date they agreed to, if "
            "that is earlier."
        ),
    )
    ask_show_name = models.BooleanField(
        _("public names"),
        default=True,
        help_text=_("Signers can opt in to being listed as “Anna M.”"),
    )
    ask_news = models.BooleanField(
        _("email updates"),
        default=True,
        help_text=_("Signers can opt in to updates about this petition."),
    )
    send_reminder = models.BooleanField(
        _("send a reminder"),
        default=True,
        help_text=_("Emails unconfirmed signers once after three days."),
    )

    class Meta:
        abstract = True

    def state_at(self, moment: datetime | None = None) -> State:
        """Whether one can sign at a moment, by default now."""
        moment = moment or timezone.now()
        if self.opens_at and moment < self.opens_at:
            return State.UPCOMING
        if self.closes_at and moment >= self.closes_at:
            return State.CLOSED
        return State.OPEN

    def can_confirm_at(self, moment: datetime | None = None) -> bool:
        """Whether what was signed in time still counts: ``CONFIRM_GRACE`` longer than signing."""
        if not self.closes_at:
            return True
        return (moment or timezone.now()) < later(self.closes_at, settings.CONFIRM_GRACE)

    @property
    def kept_for(self) -> timedelta:
        """How long signers' data is kept once the petition has ended."""
        return months(self.retention_months)

    @property
    def kept_until(self) -> datetime | None:
        """When signers' data is erased; None while the petition has no closing date.

        Never before the last may confirm, or their receipt would be erased before it is sent.
        """
        if not self.closes_at:
            return None
        return later(self.closes_at, max(self.kept_for, settings.CONFIRM_GRACE))


# Their names, in order.
TERMS = [field.name for field in Terms._meta.local_fields]


def later(moment: datetime, duration: timedelta) -> datetime:
    """``moment`` and so much time, also where clocks change in between.

    A revision keeps moments in the site's zone, the database in UTC. Added to the former as it
    is, a day may have 23 hours.
    """
    return (moment.astimezone(UTC) if timezone.is_aware(moment) else moment) + duration


def months(number: int) -> timedelta:
    """So many months, of equal length."""
    return timedelta(days=round(number * 365.25 / 12))
