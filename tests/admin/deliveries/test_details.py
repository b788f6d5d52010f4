"""The page of a delivery says what was chosen for it."""

from django.urls import reverse

from wagtail_petition.models import Delivery


def test_the_page_says_what_was_chosen(log_in, superuser, page, make_signature):
    make_signature()
    delivery = Delivery.objects.create(
        petition=page.petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name", "answers"],
        formats=["csv"],
        filters={"countries": ["IT", "US"], "regions": ["Lazio"], "public": True},
        only_new=False,
        created_by=superuser,
    )
    html = log_in(superuser).get(reverse("petition_deliveries:detail", args=[delivery.pk])).text
    for words in (
        "Number, First name, Answers to questions",
        "Italy, United States of America",
        "Lazio",
        "Public names only",
        "All signatures",
        "Created by",
        page.title,
    ):
        assert words in html, words
