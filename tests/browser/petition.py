"""A petition that uses everything, in three languages, for the tests of its page."""

from datetime import date

from wagtail.models import Locale, Page
from wagtail.rich_text import RichText

TITLES = {
    "en": "Stop separating families",
    "it": "Smettete di separare le famiglie",
    "ar": "توقفوا عن فصل العائلات",
}


def fields():
    """The fields of a page that shows every block and asks every question."""
    events = [
        {"date": date(2018, month, 1), "precision": "month", "title": f"Event {month}"}
        for month in range(1, 13)
    ]
    events[0] |= {"precision": "day", "text": "<p>It begins.</p>", "source": "https://a.example/b"}
    return {
        "title": TITLES["en"],
        "introduction": "<p>Children are taken from their parents. We ask for an end to it.</p>",
        "letter": "<p>We ask you to stop separating children from their parents.</p>" * 20,
        "recipients": [
            ("recipient", {"name": "Jane Doe", "office": "Attorney General", "role": "to"}),
            ("recipient", {"name": "Li Wei", "office": "", "role": "to"}),
            ("recipient", {"name": "A committee", "office": "", "role": "cc"}),
        ],
        "body": [
            ("timeline", {"heading": "What happened", "order": "oldest", "events": events}),
            (
                "links",
                {
                    "heading": "Background",
                    "links": [{"title": "The policy", "url": "https://www.example.org/policy"}],
                },
            ),
            ("heading", "Why this matters"),
            ("text", RichText("<p>Text with a <a href='https://example.org/'>link</a>.</p>")),
            ("quote", {"text": "A child belongs home.", "author": "Anna", "source": ""}),
            ("video", {"video": "https://video.example/1", "title": "A mother's story"}),
            ("action", {"text": "Every name counts.", "button": "Sign now"}),
        ],
        "sponsors": [
            ("sponsor", {"name": "Citizens abroad", "link": "https://example.org/"}),
            ("sponsor", {"name": "Friends of theirs"}),
        ],
        "questions": [
            (
                "one_choice",
                {"label": "Do you vote?", "choices": ["Yes", "No"], "shown_as": "radio"},
            ),
            ("several_choices", {"label": "How can you help?", "choices": ["Translate", "Call"]}),
            ("tick_box", {"label": "I am a citizen"}),
        ],
        "ask_message": "optional",
        "ask_city": "optional",
    }


def update_body():
    """The body of an update that shows every block."""
    return [block for block in fields()["body"] if block[0] != "timeline"]


def translate(page):
    """Publish the other languages of ``page``. Returns all pages by language."""
    pages = {"en": page}
    for code in ("it", "ar"):
        locale = Locale.objects.get_or_create(language_code=code)[0]
        made = page.copy_for_translation(locale, copy_parents=True)
        made.title = TITLES[code]
        made.save_revision().publish()
        pages[code] = type(page).objects.get(pk=made.pk)
    Page.objects.filter(depth=2).update(live=True)
    return pages
