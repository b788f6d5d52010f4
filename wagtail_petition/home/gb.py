"""The United Kingdom: the last constituency."""

from django.utils.translation import gettext_lazy as _

from .scheme import HomeScheme


class UnitedKingdom(HomeScheme):
    """Overseas voters belong to the constituency of their last registration or else residence.

    Representation of the People Act 1985, section 1A. They type its name: constituencies change,
    and people know the one of their last address by the name that it had then.
    """

    help_text = _(
        "Your constituency is the one where you were last registered to vote or, if you never "
        "were, where you last lived."
    )
    district_label = _("Last constituency")
    place_label = _("Last city and postcode in the United Kingdom")
    has_districts = True
    districts_are_typed = True

    @property
    def regions(self) -> tuple[str, ...]:
        return ()
