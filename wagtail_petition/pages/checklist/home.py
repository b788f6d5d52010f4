"""Checks of what is asked about where people vote."""

from django.utils.translation import gettext as _

from wagtail_petition.home.answers import get_asked_parts, get_home_scheme

from .check import Check, Level


def home(page):
    """A check if the page asks where people vote, else None."""
    terms = page.terms
    if not terms.home_country:
        return None
    scheme, asked = get_home_scheme(terms), get_asked_parts(terms)
    if scheme is None:
        return Check(
            Level.MISSING,
            _("This site can’t ask where people vote in this country: choose another one."),
            "home_country",
        )
    if not asked:
        return Check(
            Level.MISSING,
            _("Nothing is asked about where people vote: choose what to ask, or “Don’t ask”."),
            "home_country",
        )
    if scheme.is_computed and "home_tie" not in asked:
        return Check(
            Level.ADVICE,
            _(
                "Ask whether people vote there: the constituency is worked out only for those "
                "who say so."
            ),
            "ask_home_tie",
        )
    if terms.ask_home_district != "no" and not scheme.has_districts:
        return Check(
            Level.ADVICE,
            _("This country has no districts here, so nobody is asked for one."),
            "ask_home_district",
        )
    return Check(Level.DONE, _("Signers are asked where they vote."), "home_country")
