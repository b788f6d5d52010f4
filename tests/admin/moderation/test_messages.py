"""Messages: none is public before it is approved."""

import re

import pytest
from django.urls import reverse

from wagtail_petition.models import PetitionLogEntry, Signature

QUEUE = reverse("petition_messages:index")
State = Signature.MessageState


@pytest.fixture
def messages(make_signature):
    """Three pending messages, and signatures without a message to approve."""
    made = [
        make_signature(email=f"{n}@example.org", message=f"Message {n}", given_name=f"Name{n}")
        for n in range(3)
    ]
    make_signature(email="x@example.org")
    make_signature(email="y@example.org", message="Not confirmed", confirm=False)
    return made


def shown(response):
    return re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", response.content.decode(), re.S)


class TestQueue:
    def test_oldest_first(self, log_in, manager, messages):
        assert shown(log_in(manager).get(QUEUE)) == ["Message 0", "Message 1", "Message 2"]

    @pytest.mark.parametrize(("action", "state"), [("show", State.SHOWN), ("hide", State.HIDDEN)])
    def test_deciding_goes_on_to_the_next(self, log_in, manager, messages, action, state):
        client = log_in(manager)
        response = client.post(QUEUE, {action: messages[0].pk})
        assert response["Location"] == f"{QUEUE}#message-{messages[1].pk}"
        messages[0].refresh_from_db()
        assert messages[0].message_state == state
        assert shown(client.get(QUEUE)) == ["Message 1", "Message 2"]
        assert shown(client.get(QUEUE, {"state": state})) == ["Message 0"]

    def test_after_the_last(self, log_in, manager, messages):
        client = log_in(manager)
        assert client.post(QUEUE, {"show": messages[2].pk})["Location"] == QUEUE
        for message in messages[:2]:
            client.post(QUEUE, {"hide": message.pk})
        assert "No messages to review." in client.get(QUEUE).content.decode()

    def test_a_decision_can_be_changed(self, log_in, manager, messages):
        client = log_in(manager)
        client.post(QUEUE, {"show": messages[0].pk})
        client.post(f"{QUEUE}?state=shown", {"hide": messages[0].pk})
        messages[0].refresh_from_db()
        assert messages[0].message_state == State.HIDDEN

    def test_is_logged_without_names(self, log_in, manager, messages):
        log_in(manager).post(QUEUE, {"hide": messages[0].pk})
        entry = PetitionLogEntry.objects.get()
        assert (entry.action, entry.data) == ("wagtail_petition.message", {"state": "hidden"})
        assert entry.message == "Message rejected"
        assert "Name0" not in entry.label

    def test_of_one_petition(self, log_in, superuser, messages, other_page, make_signature):
        make_signature(of=other_page, message="Elsewhere")
        client = log_in(superuser)
        assert "Elsewhere" in shown(client.get(QUEUE))
        response = client.get(QUEUE, {"petition": messages[0].petition_id})
        assert "Elsewhere" not in shown(response)

    def test_each_button_says_whose_message_it_is_about(self, log_in, manager, messages):
        content = log_in(manager).get(QUEUE).content.decode()
        assert 'Approve<span class="w-sr-only">: Name0 Moretti</span>' in content

    def test_messages_are_not_markup(self, log_in, manager, make_signature):
        make_signature(message="<img src=x onerror=alert(1)>\nNext line")
        (text,) = shown(log_in(manager).get(QUEUE))
        assert text == "&lt;img src=x onerror=alert(1)&gt;<br>Next line"


class TestCounts:
    def test_tabs_and_menu_say_how_many_wait(self, log_in, manager, messages):
        client = log_in(manager)
        client.post(QUEUE, {"show": messages[0].pk})
        response = client.get(QUEUE)
        counts = {state: count for state, _label, _url, count in response.context["lists"]}
        assert counts == {"pending": "2", "shown": "1", "hidden": "0"}
        assert "Messages (2)" in response.text
        client.post(QUEUE, {"show_all": "1", "on_page": [each.pk for each in messages]})
        assert "Messages (" not in client.get(QUEUE).text

    def test_of_ones_own_petitions(self, log_in, manager, messages, other_page, make_signature):
        make_signature(of=other_page, message="Elsewhere")
        assert "Messages (3)" in log_in(manager).get(QUEUE).text

    def test_one_petition_of_several_can_be_chosen(
        self, log_in, superuser, messages, other_page, make_signature
    ):
        client = log_in(superuser)
        assert 'name="petition"' in client.get(QUEUE).text
        response = client.get(QUEUE, {"petition": "", "state": "pending"})
        assert len(shown(response)) == 3
        assert response.status_code == 200


class TestApprovingAPage:
    def test_approves_what_is_on_it(self, log_in, manager, messages):
        client = log_in(manager)
        assert "Approve all 3 on this page" in client.get(QUEUE).text
        on_page = [messages[0].pk, messages[1].pk]
        response = client.post(QUEUE, {"show_all": "1", "on_page": on_page}, follow=True)
        assert "2 messages approved." in response.text
        assert shown(response) == ["Message 2"]
        assert PetitionLogEntry.objects.filter(action="wagtail_petition.message").count() == 2

    def test_leaves_what_was_rejected_meanwhile(self, log_in, manager, messages):
        client = log_in(manager)
        client.post(QUEUE, {"hide": messages[0].pk})
        client.post(QUEUE, {"show_all": "1", "on_page": [each.pk for each in messages]})
        messages[0].refresh_from_db()
        assert messages[0].message_state == State.HIDDEN

    def test_leaves_other_peoples(self, log_in, manager, messages, other_page, make_signature):
        foreign = make_signature(of=other_page, message="Elsewhere")
        log_in(manager).post(QUEUE, {"show_all": "1", "on_page": [foreign.pk]})
        foreign.refresh_from_db()
        assert foreign.message_state == State.PENDING

    def test_what_is_no_id_is_not_there(self, log_in, manager, messages):
        assert log_in(manager).post(QUEUE, {"show_all": "1", "on_page": ["x"]}).status_code == 404


class TestRights:
    def test_foreign_messages_do_not_exist(self, log_in, manager, other_page, make_signature):
        foreign = make_signature(of=other_page, message="Elsewhere")
        client = log_in(manager)
        assert shown(client.get(QUEUE)) == []
        assert client.get(QUEUE, {"petition": foreign.petition_id}).status_code == 404
        assert client.post(QUEUE, {"show": foreign.pk}).status_code == 404
        foreign.refresh_from_db()
        assert foreign.message_state == State.PENDING

    def test_looking_at_signatures_is_not_enough(self, log_in, viewer, messages):
        client = log_in(viewer)
        assert client.get(QUEUE).status_code == 404
        assert client.post(QUEUE, {"show": messages[0].pk}).status_code == 404

    @pytest.mark.parametrize(
        "query", [{"petition": "x"}, {"petition": "9" * 30}, {"petition": "²"}, {"state": "\x00"}]
    )
    def test_bad_addresses(self, log_in, manager, messages, query):
        assert log_in(manager).get(QUEUE, query).status_code == 404

    @pytest.mark.parametrize("data", [{}, {"show": "x"}, {"show": "9" * 30}, {"hide": "-1"}])
    def test_bad_decisions(self, log_in, manager, messages, data):
        assert log_in(manager).post(QUEUE, data).status_code == 404

    def test_who_has_not_confirmed_has_no_say(self, log_in, manager, messages):
        attempt = Signature.objects.get(message="Not confirmed")
        assert log_in(manager).post(QUEUE, {"show": attempt.pk}).status_code == 404

    def test_pages_beyond_the_last(self, log_in, manager, messages):
        assert len(shown(log_in(manager).get(QUEUE, {"p": "99"}))) == 3
