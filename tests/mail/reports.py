"""Reports as mail servers write them (RFC 3464), about an email with a Message-ID."""


def report(
    message_id,
    *,
    address="anna@example.org",
    action="failed",
    status="5.1.1",
    diagnostic="smtp; 550 5.1.1 <anna@example.org>: Recipient address rejected: unknown user",
    returned="text/rfc822-headers",
    head="",
    more="",
):
    """The bytes of a report. ``head`` are more lines of its header, ``more`` more recipients."""
    part = ""
    if returned:
        part = f"""
--mark
Content-Description: Undelivered message
Content-Type: {returned}

From: Citizens abroad <petitions@example.org>
To: {address}
Message-ID: {message_id}
Subject: The minister has answered
"""
    if returned == "message/rfc822":
        part += "Content-Type: text/plain\n\nThe text.\n"
    text = f"""Return-Path: <>
Received: from mail.example.org by mail.example.org
Date: Fri, 27 Nov 2026 10:00:00 +0000 (UTC)
From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
Subject: Undelivered mail returned to sender
To: petitions@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
{head}Content-Type: multipart/report; report-type=delivery-status; boundary="mark"

--mark
Content-Type: text/plain; charset=us-ascii

This is the mail system. Your message to <{address}> could not be delivered.

--mark
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Fri, 27 Nov 2026 09:59:58 +0000 (UTC)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: {diagnostic}
{more}{part}
--mark--
"""
    return text.replace("\n", "\r\n").encode()
