import re
import pytest

@pytest.mark.django_db(transaction=True)
def test_chain(client, page, post, mailoutbox):
    assert client.get(page.url).status_code == 200
    r = post()
    assert r.status_code == 303, r.content.decode()
    assert client.get(r["Location"]).status_code == 200
    assert len(mailoutbox) == 1
    print(mailoutbox[0].subject, mailoutbox[0].body, mailoutbox[0].alternatives[0].content, mailoutbox[0].from_email)
    url = re.search(r"/petitions/confirm/\S+", mailoutbox[0].body)[0]
    assert client.get(url).status_code == 200
    r = client.post(url)
    assert r.status_code == 303
    assert client.get(r["Location"]).status_code == 200
    page.petition.refresh_from_db() if page.petition.pk else None
    print(mailoutbox[1].body)
    assert client.get(f"/petitions/{page.translation_key}/count.json").json() == {"count": 1}
    r = post(given_name="")
    assert r.status_code == 422
