"""Mailboxes: a Maildir, and an IMAP server of ours that knows as much as we use."""

import imaplib
import os
import re
import ssl
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

from wagtail_petition.mail import mailboxes
from wagtail_petition.mail.mailboxes import LARGEST, MailboxError, open_mailbox

REPORT = b'Content-Type: multipart/report; boundary="x"\r\n\r\n--x--\r\n'
ANSWER = b"Content-Type: text/plain\r\n\r\nThank you.\r\n"


def unread(address):
    with open_mailbox(address) as mailbox:
        return list(mailbox.unread())


# Maildir


@pytest.fixture
def maildir(tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_unread_emails_of_a_maildir(maildir):
    (maildir / "new" / "1.host").write_bytes(b"one")
    (maildir / "cur" / "2.host:2,F").write_bytes(b"two")
    (maildir / "cur" / "3.host:2,S").write_bytes(b"read")
    (maildir / "new" / "4.host").write_bytes(b"x" * (LARGEST + 1))
    assert sorted(content for _name, content in unread(f"maildir:{maildir}")) == [b"one", b"two"]


def test_marking_keeps_other_flags_and_the_content(maildir):
    (maildir / "new" / "1.host").write_bytes(b"one\r\n")
    (maildir / "cur" / "2.host:2,F").write_bytes(b"two")
    with open_mailbox(f"maildir:{maildir}") as mailbox:
        for name, _content in mailbox.unread():
            mailbox.mark_read(name)
            mailbox.mark_read(name)
    assert sorted(os.listdir(maildir / "cur")) == ["1.host:2,S", "2.host:2,FS"]
    assert (maildir / "cur" / "1.host:2,S").read_bytes() == b"one\r\n"
    assert unread(f"maildir:{maildir}") == []


# IMAP


class Imap(StreamRequestHandler):
    """One connection. ``server.emails`` is {uid: [content, flags]}."""

    def handle(self):
        self.say("* OK ready")
        while line := self.rfile.readline().decode():
            tag, command, arguments = re.match(r"(\S+) ((?:UID )?\S+) ?(.*)\r\n", line).groups()
            answer = getattr(self, "do_" + command.lower().replace(" ", "_"))(arguments)
            self.say(f"{tag} {answer or 'OK done'}")
            if command == "LOGOUT":
                return

    def say(self, line, content=b""):
        self.wfile.write(line.encode() + content + b"\r\n")

    def do_capability(self, arguments):
        self.say("* CAPABILITY IMAP4rev1")

    def do_login(self, arguments):
        if arguments != 'bounces@example.org "p@ss/word"':
            return "NO wrong password"

    def do_select(self, arguments):
        if arguments != '"My folder"':
            return "NO no such folder"
        self.say(f"* {len(self.server.emails)} EXISTS")

    def do_uid_search(self, arguments):
        assert arguments == f"UNSEEN SMALLER {LARGEST} HEADER Content-Type multipart/report"
        found = [
            str(uid)
            for uid, (content, flags) in self.server.emails.items()
            if "\\Seen" not in flags and b"multipart/report" in content
        ]
        self.say(" ".join(["* SEARCH", *found]))

    def do_uid_fetch(self, arguments):
        uid, what = arguments.split(" ", 1)
        assert what == "(BODY.PEEK[])"
        content = self.server.emails[int(uid)][0]
        self.say(f"* 1 FETCH (UID {uid} BODY[] {{{len(content)}}}\r\n", content + b")")

    def do_uid_store(self, arguments):
        uid, _how, flag = arguments.split()
        self.server.emails[int(uid)][1].add(flag.strip("()"))

    def do_logout(self, arguments):
        self.say("* BYE")


@pytest.fixture
def imap(monkeypatch):
    """An IMAP server without TLS, for a client that insists on it. Has ``emails`` and ``address``."""

    def connect(host, port, *, ssl_context, timeout):
        assert ssl_context.verify_mode == ssl.CERT_REQUIRED
        assert ssl_context.check_hostname
        return imaplib.IMAP4(host, port, timeout)

    monkeypatch.setattr(mailboxes, "IMAP4_SSL", connect)
    with ThreadingTCPServer(("127.0.0.1", 0), Imap) as server:
        server.daemon_threads = True
        server.emails = {7: [REPORT, set()], 8: [ANSWER, set()], 9: [REPORT, {"\\Seen"}]}
        login = "imaps://bounces%40example.org:p%40ss%2Fword@127.0.0.1"
        server.address = f"{login}:{server.server_address[1]}/My%20folder"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_unread_reports_over_imap(imap):
    assert unread(imap.address) == [("7", REPORT)]
    assert imap.emails[7][1] == set(), "still unread"


def test_marking_over_imap(imap):
    with open_mailbox(imap.address) as mailbox:
        for name, _content in mailbox.unread():
            mailbox.mark_read(name)
    assert imap.emails[7][1] == {"\\Seen"}
    assert unread(imap.address) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [("ss%2Fword", "ss%2Fsecret", "wrong password"), ("My%20folder", "Other", "no such folder")],
)
def test_what_the_server_refuses_is_said_without_the_password(imap, right, wrong, said):
    with pytest.raises(MailboxError, match=said) as error:
        unread(imap.address.replace(right, wrong))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        *("", "INBOX", "imap://a:b@localhost", "imaps://localhost", "imaps://a@localhost"),
        *("imaps://a:b@", "imaps://a:b@localhost:x", "imaps://[:b@x", "maildir:/nowhere"),
        "imaps://a:b@127.0.0.1:1/INBOX",
    ],
)
def test_wrong_addresses_are_explained(address):
    with pytest.raises(MailboxError):
        unread(address)
