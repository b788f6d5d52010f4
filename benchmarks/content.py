"""The pages to measure, and the forms sent to them."""

from datetime import date, timedelta

from wagtail.models import Page, Site

from benchmarks.site.models import BarePage, FormField, FormPage
from wagtail_petition.forms.countries import country_choices
from wagtail_petition.models import PetitionPage

PARAGRAPH = (
    "<p>Since April more than two thousand children were taken from their parents at the border. "
    "We ask you to end this <b>today</b>, and to bring each child back to its family.</p>"
)
# Django compares the cookie with the field: any secret will do.
CSRF_TOKEN = "a" * 32
# What a petition asks that asks everything about where people vote.
VOTERS = {
    "home_country": "US",
    **{f"ask_home_{name}": "optional" for name in ("tie", "region", "district", "place")},
}


def make_site():
    """A site whose home page is a bare page. Returns it."""
    root = Page.objects.get(depth=1)
    root.get_children().delete()
    home = root.add_child(instance=BarePage(title="Home", slug="home", body=PARAGRAPH * 3))
    Site.objects.update_or_create(
        hostname="127.0.0.1", defaults={"root_page": home, "is_default_site": True}
    )
    return home


def make_bare_page(home):
    """A page with three paragraphs."""
    page = BarePage(title="A bare page", slug="bare", body=PARAGRAPH * 3)
    return _publish(home, page)


def make_petition_page(home, **fields):
    """A petition page with every default."""
    page = PetitionPage(
        title="Stop separating families",
        slug="petition",
        introduction=PARAGRAPH,
        letter=PARAGRAPH * 3,
        recipients=[
            ("recipient", {"name": "Jane Doe", "office": "Attorney General", "role": "to"})
        ],
        organisation="Citizens Abroad",
        **fields,
    )
    return _publish(home, page)


def long_read():
    """The content of a long petition page: 30 events, 20 links, 3 sponsors, as fields."""
    event = {"precision": "day", "text": PARAGRAPH, "source": "https://www.example.org/source"}
    events = [
        {
            **event,
            "date": date(2018, 4, 6) + timedelta(days=i),
            "title": f"What happened on day {i}",
        }
        for i in range(30)
    ]
    links = [
        {
            "title": f"Report number {i}",
            "url": f"https://www.example.org/report/{i}",
            "page": None,
            "document": None,
            "description": "What the commission found.",
        }
        for i in range(20)
    ]
    return {
        "body": [
            ("timeline", {"heading": "What happened", "order": "oldest", "events": events}),
            ("links", {"heading": "Background", "links": links}),
        ],
        "sponsors": [
            ("sponsor", {"name": f"Sponsor {i}", "logo": None, "link": "https://example.org/"})
            for i in range(3)
        ],
    }


def make_form_page(home):
    """A contrib.forms page with the same fields as a petition."""
    page = FormPage(title="Sign here", slug="form", thank_you_text=PARAGRAPH)
    countries = ",".join(str(name).replace(",", "") for code, name in country_choices() if code)
    fields = [
        ("Given name", "singleline", True, ""),
        ("Family name", "singleline", True, ""),
        ("Email", "email", True, ""),
        ("Country", "dropdown", True, countries),
        ("Consent", "checkbox", True, ""),
        ("Show name", "checkbox", False, ""),
        ("Wants news", "checkbox", False, ""),
        ("Source", "hidden", False, ""),
    ]
    page.form_fields = [
        FormField(label=label, field_type=kind, required=required, choices=choices, sort_order=i)
        for i, (label, kind, required, choices) in enumerate(fields)
    ]
    return _publish(home, page)


def _publish(home, page):
    home.refresh_from_db()
    home.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def signer(name):
    """The form's data for one person."""
    return {
        "given_name": "Anna",
        "family_name": "Moretti",
        "email": f"{name}@example.org",
        "country": "IT",
        "consent": "on",
        "show_name": "on",
        "source": "newsletter",
    }


def voter(name):
    """The form's data for one person who votes in the United States."""
    return {
        **signer(name),
        "home_tie": "votes_there",
        "home_region": "US-NY",
        "home_district": "US-NY 12",
        "home_place": "Brooklyn, NY 11201",
    }


def form_signer(name):
    """The same for the contrib.forms page, with a CSRF token and cookie."""
    return {**signer(name), "country": "Italy", "csrfmiddlewaretoken": CSRF_TOKEN}
