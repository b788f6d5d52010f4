"""Read the unread emails of a mailbox: over IMAP, or in a Maildir."""

import contextlib
import ssl
from collections.abc import Iterator
from imaplib import IMAP4, IMAP4_SSL
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

# Bytes. A report about an email of ours is far smaller.
LARGEST = 1_000_000
TIMEOUT = 30


class MailboxError(Exception):
    """The mailbox can't be read. The message says why, without its password."""


class Mailbox(Protocol):
    """A mailbox whose emails are read or unread."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """The unread emails that may be reports, as pairs of a name and the content."""

    def mark_read(self, name: str) -> None:
        """Mark an email as read."""


@contextlib.contextmanager
def open_mailbox(address: str) -> Iterator[Mailbox]:
    """The mailbox at ``imaps://user:password@host/folder`` or ``maildir:/path``.

    Raises ``MailboxError`` if it can't be opened or read.
    """
    try:
        scheme, _colon, path = address.partition(":")
        if scheme == "maildir":
            yield _Maildir(Path(path))
        elif scheme == "imaps":
            with _log_in(address) as mailbox:
                yield mailbox
        else:
            raise MailboxError("Its address must begin with imaps:// or maildir:")
    except (IMAP4.error, OSError) as error:
        raise MailboxError(f"{type(error).__name__}: {error}") from error


class _Maildir:
    """A folder as mail servers deliver into it: new emails in ``new``, others in ``cur``."""

    def __init__(self, folder: Path):
        self.new, self.cur = folder / "new", folder / "cur"
        for each in (self.new, self.cur):
            if not each.is_dir():
                raise MailboxError(f"{each} is not a folder.")

    def unread(self) -> Iterator[tuple[str, bytes]]:
        seen = (path for path in self.cur.iterdir() if "S" not in path.name.partition(":2,")[2])
        for path in sorted([*self.new.iterdir(), *seen]):
            # Another program may move or delete it meanwhile.
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_size <= LARGEST:
                    yield str(path), path.read_bytes()

    def mark_read(self, name: str) -> None:
        path = Path(name)
        unique, _info, flags = path.name.partition(":2,")
        with contextlib.suppress(FileNotFoundError):
            path.rename(self.cur / f"{unique}:2,{''.join(sorted({*flags, 'S'}))}")


class _Account(NamedTuple):
    host: str
    port: int
    user: str
    password: str
    folder: str


def _read_address(address: str) -> _Account:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not parts.username or not parts.password:
        raise MailboxError("Its address must be like imaps://user:password@mail.example.org/INBOX")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return _Account(host, port or 993, unquote(parts.username), unquote(parts.password), folder)


@contextlib.contextmanager
def _log_in(address: str) -> Iterator["_ImapFolder"]:
    account = _read_address(address)
    # imaplib's own default checks no certificate.
    context = ssl.create_default_context()
    with IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=TIMEOUT) as server:
        server.login(account.user, account.password)
        status, answer = server.select(f'"{account.folder}"')
        if status != "OK":
            raise MailboxError(f"{account.folder}: {answer[0]!r}")
        yield _ImapFolder(server)


class _ImapFolder:
    def __init__(self, server: IMAP4):
        self.server = server

    def unread(self) -> Iterator[tuple[str, bytes]]:
        report = ("HEADER", "Content-Type", "multipart/report")
        found = self._ask("SEARCH", "UNSEEN", "SMALLER", str(LARGEST), *report)
        for uid in (found[0] or b"").decode().split():
            # Without marking it as read.
            for part in self._ask("FETCH", uid, "(BODY.PEEK[])"):
                if isinstance(part, tuple):
                    yield uid, part[1]

    def mark_read(self, name: str) -> None:
        self._ask("STORE", name, "+FLAGS", r"(\Seen)")

    def _ask(self, *command: str) -> list:
        status, answer = self.server.uid(*command)
        if status != "OK":
            raise MailboxError(f"{command[0]}: {answer!r}")
        return answer
