"""The page editor and explorer: a tab, buttons, and messages before a page is deleted or moved."""

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from tests.admin.people import make_user
from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.mail import sender
from wagtail_petition.models import Petition, Signature


@pytest.fixture
def signed(page, make_signature):
    make_signature()
    make_signature(email="b@example.org")
    return page


def told(response):
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


class TestEditor:
    def test_a_tab_with_figures_and_links(self, log_in, viewer, signed):
        content = log_in(viewer).get(edit(signed)).content.decode()
        assert 'id="tab-label-signatures"' in content
        assert reverse("petitions:suspicious", args=[signed.petition.pk]) in content

    def test_the_code_to_embed_the_form_can_be_copied(self, log_in, viewer, signed):
        content = log_in(viewer).get(edit(signed)).content.decode()
        assert "&lt;iframe" in content
        assert f"/petitions/{signed.petition_key}/embed/" in content

    def test_nothing_for_those_who_only_edit(self, log_in, signed):
        content = log_in(make_user("editor", pages=[signed])).get(edit(signed)).content.decode()
        assert 'id="tab-label-signatures"' not in content
        assert reverse("petitions:dashboard", args=[signed.petition.pk]) not in content

    def test_figures_without_links_to_signatures_for_editors(self, log_in, reader, signed):
        content = log_in(reader).get(edit(signed)).text
        assert 'id="tab-label-signatures"' in content
        assert reverse("petitions:dashboard", args=[signed.petition.pk]) in content
        assert reverse("petition_signatures:index") not in content
        assert reverse("petitions:suspicious", args=[signed.petition.pk]) not in content

    def test_nothing_before_it_is_published(self, log_in, superuser, make_page):
        draft = make_page(publish=False)
        assert (
            'id="tab-label-signatures"' not in log_in(superuser).get(edit(draft)).content.decode()
        )

    def test_a_page_type_of_the_site_has_it_too(self, log_in, superuser, make_page):
        from tests.testapp.models import CampaignPage

        page = make_page(model=CampaignPage)
        assert 'id="tab-label-signatures"' in log_in(superuser).get(edit(page)).content.decode()


class TestExplorer:
    def test_the_count_is_beside_the_title(self, log_in, home, signed):
        url = reverse("wagtailadmin_explore", args=[home.pk])
        content = log_in(make_user("all", "view", pages=[home])).get(url).content.decode()
        assert "2 signatures" in content
        assert reverse("petitions:dashboard", args=[signed.petition.pk]) in content

    def test_not_for_those_who_may_not_see_them(self, log_in, home, signed):
        url = reverse("wagtailadmin_explore", args=[home.pk])
        client = log_in(make_user("editor", pages=[home]))
        assert "2 signatures" not in client.get(url).content.decode()


class TestDeleting:
    def url(self, page):
        return reverse("wagtailadmin_pages:delete", args=[page.pk])

    def test_is_told_before(self, log_in, superuser, signed):
        (text,) = told(log_in(superuser).get(self.url(signed)))
        assert "has 2 signatures. They are kept" in text

    def test_signatures_stay(self, log_in, superuser, signed):
        log_in(superuser).post(self.url(signed))
        assert Signature.objects.count() == 2
        assert Petition.objects.get().signature_count == 2

    def test_one_language_of_several(self, log_in, superuser, signed, translated):
        (text,) = told(log_in(superuser).get(self.url(translated)))
        assert text.endswith("Its other pages stay live.")

    def test_the_source_of_several(self, log_in, superuser, signed, translated):
        (text,) = told(log_in(superuser).get(self.url(signed)))
        assert "Editors of the oldest of them may be able to see the signatures." in text

    def test_a_page_above(self, log_in, superuser, home, make_page, make_signature):
        from wagtail.models import Page

        parent = home.add_child(instance=Page(title="Campaigns", slug="campaigns"))
        make_signature(of=make_page(parent=parent))
        (text,) = told(log_in(superuser).get(self.url(parent)))
        assert "has 1 signature." in text

    def test_another_page_is_not_our_business(self, log_in, superuser, home):
        from wagtail.models import Page

        other = home.add_child(instance=Page(title="News", slug="news"))
        assert told(log_in(superuser).get(self.url(other))) == []

    def test_many_petitions_are_not_all_named(self, log_in, superuser, home, make_page):
        from wagtail.models import Page

        parent = home.add_child(instance=Page(title="Campaigns", slug="campaigns"))
        for _n in range(7):
            make_page(parent=parent)
        texts = told(log_in(superuser).get(self.url(parent)))
        assert len(texts) == 6
        assert texts[-1] == "The same goes for 2 more petitions."


def bulk(action, *pages):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return f"{url}?{'&'.join(f'id={page.pk}' for page in pages)}"


class TestBulk:
    def test_deleting(self, log_in, superuser, signed, other_page):
        texts = told(log_in(superuser).post(bulk("delete", signed, other_page)))
        assert sum("They are kept" in text for text in texts) == 2
        assert Signature.objects.count() == 2

    def test_unpublishing(self, log_in, superuser, signed):
        texts = told(log_in(superuser).post(bulk("unpublish", signed)))
        assert any("until the page is live again" in text for text in texts)

    def test_moving(self, log_in, superuser, home, signed, make_page):
        from wagtail.models import Page

        parent = home.add_child(instance=Page(title="Campaigns", slug="campaigns"))
        response = log_in(superuser).post(bulk("move", signed), {"chooser": parent.pk})
        assert any(
            "Links in emails keep working. Editors of the new location" in text
            for text in told(response)
        )


class TestUnpublishing:
    def url(self, page):
        return reverse("wagtailadmin_pages:unpublish", args=[page.pk])

    def test_the_last_page(self, log_in, superuser, signed):
        (_done, text) = sorted(told(log_in(superuser).post(self.url(signed))))
        assert "Nobody can sign, or confirm a signature, until the page is live again" in text

    def test_what_it_says_of_links_is_so(
        self, log_in, superuser, client, page, make_signature, mailoutbox
    ):
        make_signature()
        make_signature(confirm=False, email="bruno@example.org")
        sender.drain()
        texts = told(log_in(superuser).post(self.url(page)))
        assert any("Links in emails to withdraw keep working" in text for text in texts)
        receipt = next(mail for mail in mailoutbox if "/petitions/signature/" in mail.body)
        to_confirm = next(mail for mail in mailoutbox if mail.to == ["bruno@example.org"])
        client.logout()
        assert client.get(path_in(receipt, "signature")).status_code == 200
        assert client.get(path_in(to_confirm, "confirm")).status_code == 410

    def test_one_of_several(self, log_in, superuser, signed, translated):
        texts = told(log_in(superuser).post(self.url(translated)))
        assert any("Its other pages stay live." in text for text in texts)


def test_moving(log_in, superuser, home, signed):
    from wagtail.models import Page

    parent = home.add_child(instance=Page(title="Campaigns", slug="campaigns"))
    url = reverse("wagtailadmin_pages:move_confirm", args=[signed.pk, parent.pk])
    client = log_in(superuser)
    (text,) = told(client.get(url))
    assert "Links in emails keep working. Editors of the new location" in text
    client.post(url)
    assert Petition.objects.get().signature_count == 2


def test_moving_a_translation_moves_no_rights(log_in, superuser, home, signed, translated):
    from wagtail.models import Page

    parent = home.add_child(instance=Page(title="Campaigns", slug="campaigns"))
    url = reverse("wagtailadmin_pages:move_confirm", args=[translated.pk, parent.pk])
    (text,) = told(log_in(superuser).get(url))
    assert text.endswith("Links in emails keep working.")


def text_of(response):
    """What a response says, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_same_number_everywhere(log_in, superuser, page, signed):
    """The explorer, the editor, the dashboard, the overview and the first page of the admin."""
    ledger.set_offline_count(page.petition, 40)
    client = log_in(superuser)
    explorer = client.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    assert "42 signatures" in text_of(explorer)
    for url in (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("petitions:dashboard", args=[page.petition.pk]),
        reverse("petitions:index"),
        reverse("wagtailadmin_home"),
    ):
        text = text_of(client.get(url))
        assert re.search(r"\b42\b( · )?.{0,40}including 40 on paper", text), url
        assert "2 signatures" not in text.replace("latest 2 signatures", "")

    # And where a number leads to the list, it is the list's.
    for url in (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("petitions:dashboard", args=[page.petition.pk]),
    ):
        content = client.get(url).content.decode()
        links = re.findall(r'href="([^"]*status=confirmed)"[^>]*>(.*?)</a>', content, re.S)
        assert links
        for link, label in links:
            listed = client.get(link.replace("&amp;", "&")).context["count_label"]
            assert listed == "2 confirmed"
            number = re.search(r"\d+", re.sub(r"<[^>]+>", "", label))
            assert number is None or number[0] == "2"
