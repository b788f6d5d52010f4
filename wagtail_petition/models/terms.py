"""The terms of a petition, the same in every language: dates, goal, fields of the form."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_petition.conf import settings
from wagtail_petition.countries import CountryField

from .closing import ClosingDateTimeField, OpeningDateTimeField


class Ask(models.TextChoices):
    """Whether the form has a field, and whether it is required."""

    NO = "no", _("Hidden")
    OPTIONAL = "optional", _("Optional")
    REQUIRED = "required", _("Required")


class PaperDisplay(models.TextChoices):
    """How the public sees signatures on paper. The admin always counts and shows them."""

    ADD = "add", _("Included in the total")
    APART = "apart", _("Included in the total, and their number is shown")
    HIDE = "hide", _("Only those typed in are included in the total")


class State(models.TextChoices):
    """Whether a petition can be signed."""

    UPCOMING = "upcoming", _("Upcoming")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Terms(models.Model):
    """The terms that people rely on when they sign. They must not differ by language.

    Petitions and pages both have these fields; the petition's apply. Publishing the source page,
    the one that the others are translations of, writes them. A translation's copy may be out of
    date, so read ``page.terms``.
    """

    goal = models.PositiveIntegerField(
        _("goal"),
        null=True,
        blank=True,
        help_text=_("Leave blank for an automatic goal (100, 200, 500, 1,000 …)."),
    )
    opens_at = OpeningDateTimeField(
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
    home_country = CountryField(
        _("ask where people vote"),
        blank=True,
        blank_label=_("Don’t ask"),
        help_text=_(
            "For people who live abroad. Choose the country whose voters the recipient answers to."
        ),
    )
    ask_home_tie = models.CharField(
        _("whether they vote there"), max_length=8, choices=Ask.choices, default=Ask.OPTIONAL
    )
    ask_home_region = models.CharField(
        _("state or region where they vote"),
        max_length=8,
        choices=Ask.choices,
        default=Ask.OPTIONAL,
    )
    ask_home_district = models.CharField(
        _("district or constituency"), max_length=8, choices=Ask.choices, default=Ask.NO
    )
    ask_home_place = models.CharField(
        _("last place there"), max_length=8, choices=Ask.choices, default=Ask.NO
    )
    show_home = models.BooleanField(
        _("in the letter"),
        default=False,
        help_text=_("Adds it to “From”: Mary O’Neill, Rome · voter in New York."),
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
    paper_display = models.CharField(
        _("signatures on paper"),
        max_length=5,
        choices=PaperDisplay.choices,
        default=PaperDisplay.ADD,
        help_text=_(
            "What the public sees of them. Their number is that of typed-in sheets and of "
            "numbers added under “Paper signatures”."
        ),
    )
    send_reminder = models.BooleanField(
        _("send a reminder"),
        default=True,
        help_text=_("Emails unconfirmed signers once after three days."),
    )
    notify_milestones = models.BooleanField(
        _("goal and milestones"),
        default=False,
        help_text=_("An email when the goal, 100, 1,000, 10,000 … signatures are reached."),
    )
    notify_weekly = models.BooleanField(
        _("weekly report"),
        default=False,
        help_text=_(
            "An email on Monday morning: the total, what is new, and where people vote if the "
            "petition asks. None if nothing has changed."
        ),
    )
    notify_addresses = models.TextField(
        _("organisers’ email addresses"),
        blank=True,
        help_text=_(
            "Who gets these emails, one address per line. Leave blank to use the reply-to address."
        ),
    )
    report_addresses = models.TextField(
        _("also send the weekly report to"),
        blank=True,
        help_text=_(
            "For example, the recipient of the petition. One address per line. Numbers under 5 are "
            "hidden from them."
        ),
    )

    class Meta:
        abstract = True

    def state_at(self, moment: datetime | None = None) -> State:
        """The state at ``moment``, by default now."""
        moment = moment or timezone.now()
        if self.opens_at and moment < self.opens_at:
            return State.UPCOMING
        if self.closes_at and moment >= self.closes_at:
            return State.CLOSED
        return State.OPEN

    def can_confirm_at(self, moment: datetime | None = None) -> bool:
        """Whether signatures can be confirmed: until ``CONFIRM_GRACE`` after the closing date."""
        if not self.closes_at:
            return True
        return (moment or timezone.now()) < later(self.closes_at, settings.CONFIRM_GRACE)

    def public_total(self, confirmed: int, bare: int) -> int:
        """The total that the public sees: of ``confirmed`` signatures, and of ``bare`` numbers.

        Signatures on paper that were typed in are among the confirmed ones.
        """
        return confirmed if self.paper_display == PaperDisplay.HIDE else confirmed + bare

    @property
    def kept_for(self) -> timedelta:
        """How long personal data is kept after the petition ends."""
        return months(self.retention_months)

    @property
    def kept_until(self) -> datetime | None:
        """When personal data is erased; None without a closing date.

        Not before ``CONFIRM_GRACE`` ends, so that the last receipts can still be sent.
        """
        if not self.closes_at:
            return None
        return later(self.closes_at, max(self.kept_for, settings.CONFIRM_GRACE))


# The names of the fields, in order.
TERMS = [field.name for field in Terms._meta.local_fields]


def later(moment: datetime, duration: timedelta) -> datetime:
    """``moment`` plus ``duration`` of elapsed time, also across a clock change.

    A page loaded from a revision has its dates in the site's zone, where adding a day may add 23
    or 25 hours.
    """
    return (moment.astimezone(UTC) if timezone.is_aware(moment) else moment) + duration


def months(number: int) -> timedelta:
    """The duration of ``number`` months of equal length, in whole days."""
    return timedelta(days=round(number * 365.25 / 12))
