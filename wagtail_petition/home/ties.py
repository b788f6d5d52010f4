"""What ties a signer to the country where they may vote."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HomeTie(TextChoices):
    """A signer's tie to the country that a petition asks about."""

    VOTES_THERE = "votes_there", _("Votes there")
    LIVED_THERE = "lived_there", _("Lived there")
    NEVER_LIVED = "never_lived", _("Never lived there")
    NOT_A_CITIZEN = "not_a_citizen", _("Not a citizen")


# The letters that stand for them on printed sheets.
TIE_LETTERS = dict(zip("ABCD", HomeTie, strict=True))

# The answers to choose from in the form, in the signer's words.
TIE_CHOICES = [
    (HomeTie.VOTES_THERE, _("I vote there, or can vote there")),
    (HomeTie.LIVED_THERE, _("I’m a citizen and lived there, but don’t vote there")),
    (HomeTie.NEVER_LIVED, _("I’m a citizen, but have never lived there")),
    (HomeTie.NOT_A_CITIZEN, _("I’m not a citizen")),
]
