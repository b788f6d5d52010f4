"""The tags in a page's head, and what they say."""

import json
import re
from html import unescape

HEAD = "{% load petition_public_tags %}<head>{% petition_head %}</head>"


def meta(html):
    """{name or property: content} of the meta tags."""
    return {
        name: unescape(content)
        for name, content in re.findall(
            r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html
        )
    }


def structured(html):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
