"""The regions of a country where people live, for the form."""

import pytest
from django.urls import reverse


def get(client, country, language):
    return client.get(reverse("wagtail_petition:regions", args=[country, language]))


@pytest.mark.django_db
def test_regions_in_a_language(client):
    response = get(client, "IT", "it")
    assert {"code": "IT-52", "name": "Toscana"} in response.json()["regions"]
    assert response["Cache-Control"] == "public, max-age=86400"
    assert response["Access-Control-Allow-Origin"] == "*"
    names = [region["name"] for region in get(client, "US", "es").json()["regions"]]
    assert names.index("Nueva York") < names.index("Nuevo México")


@pytest.mark.django_db
@pytest.mark.parametrize("country", ["VA", "ZZ", "it", "toolong"])
def test_none_where_people_type_theirs(client, country):
    assert get(client, country, "en").json() == {"prompt": "", "regions": []}


@pytest.mark.django_db
def test_no_such_language(client):
    assert get(client, "IT", "xx-nowhere").status_code == 404
