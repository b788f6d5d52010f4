"""An SMTP server that takes mail for nobody: ``python -m benchmarks.smtp_sink PORT FILE [FAULT]``.

It appends a line to FILE for each mail it took: recipient, Message-ID and the link to confirm.
A fault strikes each third address. All but "rejects" strike it once, so that a second try works:

greylists   450 at RCPT            rejects  550 at RCPT, always
full        452 after DATA         drops    takes the mail and hangs up before it says so
hangs       never answers DATA     down     421 at EHLO for the first three connections
"""

import asyncio
import email
import email.policy
import re
import sys
import zlib

from aiosmtpd.smtp import SMTP

LINK = re.compile(r"/petitions/confirm/\S+")


class Sink:
    """The handler: takes mail, writes it down, fails as told."""

    def __init__(self, file, fault):
        self.file, self.fault = file, fault
        self.struck = set()
        self.connections = 0

    def strikes(self, fault, recipient):
        """Whether the fault is on and meets this recipient now."""
        if fault != self.fault or zlib.crc32(recipient.encode()) % 3 or recipient in self.struck:
            return False
        if fault != "rejects":
            self.struck.add(recipient)
        return True

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        if self.fault == "down" and self.connections <= 3:
            return ["421 busy, come back later"]
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.strikes("greylists", address):
            return "450 greylisted, try again"
        if self.strikes("rejects", address):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        (recipient,) = envelope.rcpt_tos
        if self.strikes("full", recipient):
            return "452 insufficient storage"
        if self.strikes("hangs", recipient):
            await asyncio.sleep(3600)
        self.take(recipient, envelope.content)
        if self.strikes("drops", recipient):
            server.transport.abort()
        return "250 OK"

    def take(self, recipient, content):
        """Write the mail down."""
        message = email.message_from_bytes(content, policy=email.policy.default)
        link = LINK.search(message.get_body(("plain",)).get_content())
        line = "\t".join([recipient, message["Message-ID"], link[0] if link else ""])
        self.file.write(f"{line}\n")
        self.file.flush()


async def serve(port, path, fault):
    """Take mail until the process is ended."""
    with open(path, "a", encoding="utf-8") as file:
        sink = Sink(file, fault)
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(sink, enable_SMTPUTF8=True, hostname="localhost"), "127.0.0.1", port
        )
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "none"))
