"""The page that verifies deliveries without a network, in a browser."""

import json
import re

import pytest

from tests.delivery import vectors
from wagtail_petition.delivery.standalone import verify

PAGE = vectors.Path(verify.__file__).with_name("verify.html")
CASES = json.loads(vectors.PATH.read_text(encoding="utf-8"))["cases"]


@pytest.fixture
def verifier(open_window):
    """Open the page from the disk, offline, and verify files: {name: bytes}. Returns the window."""
    # With a browser there is Playwright.
    from playwright.sync_api import expect

    window = open_window()
    window.context.set_offline(True)
    window.goto(PAGE.as_uri())

    def check(root="", **files):
        window.get_by_label("Files").set_input_files(
            [
                {"name": name.replace("_", "."), "mimeType": "", "buffer": data}
                for name, data in files.items()
            ]
        )
        window.get_by_label("Root").fill(root)
        window.get_by_role("button", name="Verify").click()
        expect(window.locator("#result")).not_to_have_text(re.compile("Checking"))
        return window

    return check


def found(window):
    lines = window.locator("#findings li").evaluate_all(
        "lines => lines.map(line => line.dataset).map(d => [d.holds === 'true', d.code, d.text])"
    )
    return [list(line) for line in lines]


def test_it_agrees_with_the_program_on_all_vectors(verifier):
    for case in CASES:
        files = {}
        if case["files"]:
            files["delivery_zip"] = vectors.as_zip(case["files"])
        if case["receipt"] is not None:
            files["receipt_json"] = json.dumps(case["receipt"]).encode()
        window = verifier(case["root"], **files)
        assert found(window) == case["findings"], case["name"]


def test_it_says_what_can_not_be_checked(verifier):
    window = verifier(some_json=b"{")
    assert "This can’t be checked" in window.locator("#result").text_content()
    window = verifier(some_zip=vectors.as_zip({"a.txt": "a"}))
    assert "It has no manifest.json." in window.locator("#result").text_content()


def test_it_names_what_the_letter_prints(verifier):
    files, _receipts = vectors.delivery()
    window = verifier(delivery_zip=vectors.as_zip(files))
    manifest = json.loads(files["manifest.json"])
    shown = window.locator("#roots").text_content()
    assert manifest["proof"]["root"] in shown
    assert verify.sha256(files["manifest.json"].encode()).hex() in shown
    assert window.locator("#result").text_content() == "Everything holds."
