"""The editor's field for the closing date."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_petition.models import PetitionPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return PetitionPage.get_edit_handler().get_form_class().base_fields["closes_at"]


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-12-31", datetime(2026, 12, 31, 22, 59, tzinfo=UTC)),
        (" 2026-12-31 ", datetime(2026, 12, 31, 22, 59, tzinfo=UTC)),
        ("2026-12-31 18:30", datetime(2026, 12, 31, 17, 30, tzinfo=UTC)),
        ("2026-12-31 00:00", datetime(2026, 12, 30, 23, 0, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_day_without_a_time_includes_that_day(field, typed, moment):
    assert field.clean(typed) == moment


def test_in_the_sites_zone_whatever_that_of_the_editor(field):
    with timezone.override("Asia/Tokyo"):
        assert field.clean("2026-12-31") == datetime(2026, 12, 31, 22, 59, tzinfo=UTC)


def test_the_picker_offers_the_end_of_the_day_and_leaves_what_was_typed(field):
    assert isinstance(field.widget, AdminDateTimeInput)
    config = field.widget.get_config()
    assert (config["defaultTime"], config["validateOnBlur"]) == ("23:59", False)


def test_nonsense_is_refused(field):
    with pytest.raises(Exception, match="valid date"):
        field.clean("soon")


@pytest.mark.parametrize("name", ["opens_at", "closes_at"])
def test_dates_are_shown_and_typed_in_the_sites_zone(name, page):
    setattr(page, name, datetime(2030, 12, 31, 17, 30, tzinfo=UTC))
    form_class = PetitionPage.get_edit_handler().get_form_class()
    with timezone.override("America/New_York"):
        form = form_class(instance=page, for_user=None)
        assert 'value="2030-12-31 18:30"' in str(form[name])
        assert form.fields[name].clean("2030-12-31 18:30") == getattr(page, name)
        assert not form.fields[name].has_changed(getattr(page, name), "2030-12-31 18:30")
        assert "Time zone: Europe/Rome." in str(form.fields[name].help_text)


@pytest.mark.parametrize(
    ("grace", "said"),
    [
        (timedelta(hours=24), "Signers have another 24 hours to confirm."),
        (timedelta(hours=1), "Signers have another hour to confirm."),
        (timedelta(0), "Leave blank to keep it open. Time zone"),
    ],
)
def test_the_editor_is_told_how_long_signers_can_still_confirm(page, settings, grace, said):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "CONFIRM_GRACE": grace}
    form = PetitionPage.get_edit_handler().get_form_class()(instance=page, for_user=None)
    assert said in str(form.fields["closes_at"].help_text)
