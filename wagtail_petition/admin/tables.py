"""The columns of several lists: numbers, moments, and titles with their petition below."""

from wagtail.admin.ui.tables import Column, TitleColumn


class FigureColumn(Column):
    """A right-aligned number. If ``bounded``, it may be shown as "more than 100,000"."""

    cell_template_name = "wagtail_petition/admin/cells/figure.html"
    header_template_name = "wagtail_petition/admin/cells/figure_header.html"

    def __init__(self, *args, bounded=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.bounded = bounded


class MomentColumn(Column):
    """A date and time. Wagtail's own column says how long ago, which can't be compared."""

    cell_template_name = "wagtail_petition/admin/cells/moment.html"


class PetitionsTitleColumn(TitleColumn):
    """The title of something that belongs to a petition.

    The petition is below it if ``shows_petition``, since a column for it would leave no room for
    others on narrow screens.
    """

    cell_template_name = "wagtail_petition/admin/cells/petitions_title.html"

    def __init__(self, *args, shows_petition=True, **kwargs):
        super().__init__(*args, **{"classname": "petition-title-cell"} | kwargs)
        self.shows_petition = shows_petition
