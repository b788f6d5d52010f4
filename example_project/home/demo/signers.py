"""Invented people who sign: the same ones each time, over the four months before today."""

import random
from collections import namedtuple
from datetime import timedelta

from django.utils import timezone
from django.utils.text import slugify

from wagtail_petition.home.answers import complete_home
from wagtail_petition.home.registry import get_scheme
from wagtail_petition.models import Signature

US = get_scheme("US")

CONFIRMED = 412
UNCONFIRMED = 23
DAYS = 120

Person = namedtuple("Person", "given family")

# Whose names no list of first and last names would make.
PEOPLE = [
    Person("Siobhán", "O'Neill"),
    Person("李小龍", ""),
    Person("José Ángel", "Hernández Ruiz"),
    Person("Nanni", ""),
    Person("Zoë", "D'Angelo-Smith"),
    Person("מרים", "כהן"),
    Person("ليلى", "حداد"),
    Person("Nguyễn Thị", "Minh Khai"),
    Person("Søren", "Ødegård"),
    Person("Anne-Marie", "van der Berg"),
    Person("佐藤", "美咲"),
    Person("Teller", ""),
]
GIVEN = """
    Anna Barbara Charles Claire Daniel David Deborah Dorothy Edward Eileen Elizabeth Ellen Frank
    George Grace Hannah Helen Henry Irene James Jane Joan Joseph Judith Karen Katherine Laura Linda
    Lisa Louis Lucy Margaret Maria Martha Martin Michael Miriam Nancy Nicole Olivia Patricia Paul
    Peter Rachel Richard Robert Rose Ruth Samuel Sarah Sharon Simon Sophia Stephen Susan Theresa
    Thomas Victor Virginia Walter William
""".split()
FAMILY = """
    Adams Bailey Bauer Becker Bennett Bianchi Brennan Brooks Callahan Carter Cohen Conti Cooper
    Costa Cruz Davis DeLuca Esposito Evans Ferrara Fischer Flores Foster Gallo Garcia Goldberg
    Graham Greco Hall Hayes Hughes Jackson Johnson Kaplan Kelly Kim Kowalski Larsen Lee Levine
    Lombardi Lopez Marino Martinez McCarthy McDonald Mitchell Moretti Morgan Murphy Nelson Novak
    O'Brien O'Connor Parker Patel Perez Peterson Price Quinn Reyes Ricci Rivera Robinson Romano
    Rosen Russo Ryan Sanchez Schmidt Sullivan Taylor Thompson Torres Turner Walker Wallace Weber
    Williams Wong Wright Young
""".split()
COUNTRIES = {
    "IT": 70,
    "US": 10,
    "FR": 4,
    "DE": 4,
    "GB": 4,
    "ES": 3,
    "CH": 2,
    "MX": 1,
    "CA": 1,
    "IE": 1,
}
TIES = {"votes_there": 78, "lived_there": 5, "never_lived": 4, "not_a_citizen": 6, "": 7}
# About the shares of citizens abroad who vote by mail.
STATES = {
    **{"CA": 15, "NY": 14, "FL": 7, "TX": 7, "MA": 6, "PA": 5, "IL": 5, "NJ": 5, "WA": 4, "VA": 4},
    **{"MD": 3, "OH": 3, "MI": 3, "CO": 3, "NC": 3, "OR": 2, "CT": 2, "GA": 2, "MN": 2, "WI": 2},
    **{"AZ": 2, "DC": 2, "ME": 1, "VT": 1, "NH": 1, "HI": 1, "LA": 1, "TN": 1, "UT": 1, "PR": 1},
}
SOURCES = {"": 45, "newsletter": 25, "facebook": 15, "whatsapp": 10, "instagram": 5}
MESSAGES = {
    "en": [
        "My grandparents came through Ellis Island with their children beside them.",
        "I teach children of this age. What is done to them can’t be undone.",
        "Please remember that the whole world is watching.",
        "A country that I was proud of does not do this.",
    ],
    "it": [
        "Mia nonna arrivò a New York tenendo per mano mio padre.",
        "Da madre non riesco a pensare ad altro.",
        "Riportate quei bambini a casa.",
    ],
}


def confirmed_signers(texts):
    """Unsaved signatures in the order of their confirmation.

    ``texts`` are the texts signed, by language: saved ``SignedText``.
    """
    now = timezone.now()
    signers = []
    for personal, chance in _people(CONFIRMED):
        text = texts[personal["language"]]
        signed_at = now - timedelta(days=_days_ago(chance), seconds=chance.randrange(1, 86_400))
        confirmed_at = min(now, signed_at + timedelta(seconds=chance.randrange(40, 7_200)))
        signers.append(
            Signature(signed_text=text, signed_at=signed_at, confirmed_at=confirmed_at, **personal)
        )
    return sorted(signers, key=lambda signature: signature.confirmed_at)


def unconfirmed_signers():
    """What people filled in who did not confirm yet."""
    return [personal for personal, _chance in _people(UNCONFIRMED, skip=CONFIRMED)]


def _people(number, skip=0):
    """``number`` people after the first ``skip``: (fields of a signature, their randomness)."""
    for index in range(skip, skip + number):
        # One source of chance a person: who comes before has no influence.
        chance = random.Random(index)
        if index % 34 == 5 and index // 34 < len(PEOPLE):
            person = PEOPLE[index // 34]
        else:
            person = Person(chance.choice(GIVEN), chance.choice(FAMILY))
        language = "it" if chance.random() < 0.3 else "en"
        name = slugify(f"{person.given} {person.family}").replace("-", ".") or "signer"
        yield (
            {
                "given_name": person.given,
                "family_name": person.family,
                "email": f"{name}.{index}@example.{chance.choice(['org', 'net', 'com'])}",
                "country": _pick(chance, COUNTRIES),
                "language": language,
                "source": _pick(chance, SOURCES),
                "show_name": chance.random() < 0.55,
                "wants_news": chance.random() < 0.35,
                "message": chance.choice(MESSAGES[language]) if chance.random() < 0.12 else "",
                **_home(random.Random(f"home {index}")),
            },
            chance,
        )


def _home(chance):
    """Where somebody votes. Some don't say, and only half of the others know their district."""
    tie = _pick(chance, TIES)
    if tie not in ("votes_there", "lived_there"):
        return complete_home(US, residence="IT", tie=tie)
    region = f"US-{_pick(chance, STATES)}"
    districts = US.get_districts(region)
    district = chance.choice(districts) if chance.random() < 0.55 else ""
    return complete_home(US, residence="IT", tie=tie, region=region, district=district)


def _pick(chance, weights):
    return chance.choices(list(weights), weights.values())[0]


def _days_ago(chance):
    """Most come in the first weeks, and again when the newsletter writes about it."""
    if chance.random() < 0.2:
        return min(DAYS - 1, max(0, round(chance.gauss(40, 3))))
    return DAYS - 1 - min(DAYS - 1, int(chance.expovariate(1 / 35)))
