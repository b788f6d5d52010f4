"""The proof of a delivery: what it holds, what it hides, and the receipts that lead to its root."""

import io
import json
import random
import subprocess
import sys
import zipfile
from datetime import date
from hashlib import md5, sha1, sha256, sha512

import pypdf
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_petition import ledger
from wagtail_petition.delivery import lifecycle, manifest, proof, receipts
from wagtail_petition.delivery.standalone import verify
from wagtail_petition.exports.resources import get_all_columns
from wagtail_petition.models import Delivery, ProofTile, Signature


@pytest.fixture
def hand_over():
    """Mark a delivery as delivered."""

    def hand_over(delivery, **options):
        lifecycle.mark_delivered(delivery, delivered_on=date(2026, 6, 1), **options)
        delivery.refresh_from_db()
        return delivery

    return hand_over


def receipt_of(signature):
    return receipts.get_receipt(Signature.objects.get(pk=signature.pk))


def check(receipt, archive=None, root=""):
    opened = zipfile.ZipFile(io.BytesIO(archive)) if archive else None
    return list(verify.check_receipt(json.loads(json.dumps(receipt)), opened, root))


# The tree


@settings(max_examples=25)
@given(size=st.integers(1, 10_000), seed=st.integers(0, 2**32))
def test_each_path_leads_to_the_root(size, seed):
    """And from a changed leaf, at another place, or with a changed step, to another."""
    chance = random.Random(seed)
    leaves = [chance.randbytes(32) for _leaf in range(size)]
    tree = verify.Tree()
    for leaf in leaves:
        tree.add(leaf)
    kept = {(level, at): hashes for level, at, hashes in proof.tiles(leaves)}
    for position in {0, size - 1, *(chance.randrange(size) for _any in range(5))}:
        path = list(proof.walk(position, size, lambda level, at: kept[level, at]))
        assert verify.follow(leaves[position], position, size, path) == tree.root
        other = chance.randrange(size)
        if other != position:
            assert verify.follow(leaves[position], other, size, path) != tree.root
            assert verify.follow(leaves[other], position, size, path) != tree.root
        assert verify.follow(leaves[position], position, size, [*path, leaves[0]]) is None
        if path:
            step = chance.randrange(len(path))
            assert verify.follow(leaves[position], position, size, path[:-1]) is None
            path[step] = bytes(32)
            assert verify.follow(leaves[position], position, size, path) != tree.root


@settings(max_examples=25)
@given(
    numbers=st.lists(st.integers(1, 10**9), min_size=2, max_size=200, unique=True),
    change=st.sampled_from(["byte", "add", "remove", "swap"]),
    seed=st.integers(0, 2**32),
)
def test_each_change_of_the_list_is_found(numbers, change, seed):
    chance = random.Random(seed)
    lines, link, tree = [], verify.NOTHING, verify.Tree()
    for number in sorted(numbers):
        leaf = chance.randbytes(32)
        link = verify.hash_link(link, number, leaf)
        tree.add(leaf)
        lines.append(f"{number} {leaf.hex()} {link.hex()}\n")
    listing = {
        "signatures": len(lines),
        "proof": {
            "file": "proof.txt",
            "root": tree.root.hex(),
            "chain": link.hex(),
            "previous": "",
        },
    }

    def found(made):
        with io.BytesIO() as file:
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr("proof.txt", made)
            with zipfile.ZipFile(file) as archive:
                return {
                    each.code for each in verify.check_proof(archive, listing, verify.array("Q"))
                }

    assert found("".join(lines)) == {"proof.same"}
    at, other = chance.sample(range(len(lines)), 2)
    if change == "byte":
        text = "".join(lines)
        place = chance.randrange(len(text))
        new = "0" if text[place] != "0" else "1"
        assert "proof.same" not in found(text[:place] + new + text[place + 1 :])
    elif change == "add":
        assert "proof.added" in found("".join([*lines[:at], lines[other], *lines[at:]]))
    elif change == "remove":
        assert "proof.removed" in found("".join(lines[:at] + lines[at + 1 :]))
    else:
        lines[at], lines[other] = lines[other], lines[at]
        assert "proof.order" in found("".join(lines))


# A delivery


@pytest.mark.django_db
class TestDelivery:
    def test_it_holds_and_each_receipt_leads_to_its_root(
        self, signed, make_delivery, content, hand_over
    ):
        people = signed(*["Anna"] * 11)
        ledger.withdraw(people[3])
        delivery = hand_over(make_delivery())
        archive = content(delivery)
        assert all(finding.holds for finding in manifest.check_files(io.BytesIO(archive)))
        for person in people:
            if person.pk == people[3].pk:
                continue
            found = check(receipt_of(person), archive, delivery.root)
            assert {each.code for each in found} == {
                *("receipt.text", "receipt.included", "receipt.line", "receipt.name")
            }
            assert all(each.holds for each in found)

    @pytest.mark.parametrize("order", Delivery.Order.values)
    def test_in_every_order_the_proof_is_in_that_of_the_numbers(
        self, signed, make_delivery, content, hand_over, order
    ):
        people = signed(
            {"given_name": "Zoë", "family_name": "Zanzottera", "country": "IT"},
            {"given_name": "Anna", "family_name": "Moretti", "country": "US"},
            {"given_name": "Bruno", "family_name": "Bianchi", "country": "DE"},
        )
        delivery = hand_over(make_delivery(order=order))
        archive = content(delivery)
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            lines = opened.read("proof.txt").decode().splitlines()
            assert all(finding.holds for finding in verify.check_delivery(opened))
        assert [line.split()[0] for line in lines] == ["1", "2", "3"]
        for person in people:
            assert all(each.holds for each in check(receipt_of(person), archive))

    def test_names_that_could_be_formulas(self, page, make_delivery, content, hand_over):
        names = ["=1+1", "'=1", "a;=b", "'t Hooft", "@x", "-", '"quoted", name']
        people = [
            ledger.confirm(
                ledger.sign(page, email=f"n{at}@example.org", given_name=name, country="IT")
            ).signature
            for at, name in enumerate(names)
        ]
        archive = content(hand_over(make_delivery()))
        for person in people:
            found = {each.code: each.holds for each in check(receipt_of(person), archive)}
            assert found["receipt.name"], person.given_name

    def test_it_follows_the_delivery_before(self, signed, make_delivery, hand_over):
        signed("Anna")
        first = make_delivery()
        signed("Bruno")
        # The first wasn't handed over.
        assert make_delivery().previous_root == ""
        hand_over(first)
        second = make_delivery()
        assert second.previous_root == first.root
        assert second.root not in ("", first.root)

    def test_more_than_one_tile(self, page, make_delivery, content, hand_over):
        text = ledger.get_or_create_text(page.get_text_to_sign())
        ledger.ensure_petition(page)
        people = ledger.record_import(
            page.petition,
            [
                Signature(
                    email=f"s{n}@example.org",
                    given_name="Anna",
                    country="IT",
                    language="en",
                    signed_text=text,
                    signed_at=text.created_at,
                    confirmed_at=text.created_at,
                )
                for n in range(600)
            ],
        )
        delivery = hand_over(make_delivery())
        assert ProofTile.objects.count() == 4
        for person in (people[0], people[255], people[256], people[599]):
            found = check(receipt_of(person), content(delivery), delivery.root)
            assert all(each.holds for each in found)

    def test_people_who_signed_before_there_were_salts(
        self, signed, make_delivery, content, hand_over
    ):
        people = signed("Anna", "Bruno")
        Signature.objects.update(salt=None)
        archive = content(hand_over(make_delivery()))
        salts = {bytes(salt) for salt in Signature.objects.values_list("salt", flat=True)}
        assert len(salts) == 2
        assert all(each.holds for each in check(receipt_of(people[1]), archive))

    def test_made_again_old_tiles_go(self, signed, make_delivery, hand_over):
        people = signed("Anna", "Bruno")
        delivery = make_delivery()
        before = delivery.root
        ledger.withdraw(people[0])
        lifecycle.rebuild(delivery)
        lifecycle.build.build_queued()
        delivery.refresh_from_db()
        assert delivery.root != before
        assert set(ProofTile.objects.values_list("root", flat=True)) == {delivery.root}
        assert all(each.holds for each in check(receipt_of(people[1])))
        lifecycle.cancel(delivery)
        assert not ProofTile.objects.exists()

    def test_letter_and_volumes_print_the_root(self, page, signed, make_delivery, content):
        signed("Anna")
        delivery = make_delivery(formats=["pdf"])
        address = reverse("wagtail_petition:proof", args=[page.petition_key])
        for name in ("letter.pdf", "signatures-001.pdf"):
            pdf = pypdf.PdfReader(io.BytesIO(content(delivery, name)))
            text = "".join(each.extract_text() for each in pdf.pages)
            assert delivery.root in text.replace("\n", "")
            assert address in text.replace("\n", "")

    def test_the_verifier_in_the_archive_runs_alone(
        self, signed, make_delivery, content, hand_over, tmp_path
    ):
        (anna,) = signed("Anna")
        delivery = hand_over(make_delivery())
        archive = tmp_path / "delivery.zip"
        archive.write_bytes(content(delivery))
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(tmp_path / "unpacked")
        assert (tmp_path / "unpacked" / "verify.html").exists()
        receipt = tmp_path / "receipt.json"
        receipt.write_bytes(receipts.as_bytes(receipt_of(anna)))

        def run(*arguments):
            # Without the packages of this environment.
            command = [sys.executable, "-I", "-S", tmp_path / "unpacked" / "verify.py", *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=False)

        good = run(archive, receipt, delivery.root)
        assert good.returncode == 0, good.stdout + good.stderr
        assert "Everything holds." in good.stdout
        assert delivery.root in good.stdout
        receipt.write_text(receipt.read_text().replace('"number": 1', '"number": 2'))
        bad = run(receipt)
        assert bad.returncode == 1
        assert "FAILS  The receipt is forged" in bad.stdout
        receipt.write_text("{")
        assert run(receipt).returncode == 2
        assert run().returncode == 2

    def test_the_command_checks_the_proof(self, signed, make_delivery, content, tmp_path, capsys):
        signed("Anna")
        archive = tmp_path / "delivery.zip"
        archive.write_bytes(content(make_delivery()))
        call_command("verify_delivery", str(archive))
        assert "proof.txt: chain and root as listed, signatures: 1" in capsys.readouterr().out

    def test_any_changed_byte_of_a_file_is_found(self, signed, make_delivery, content):
        signed("Anna", "Bruno")
        archive = content(make_delivery())
        opened = zipfile.ZipFile(io.BytesIO(archive))
        for name in ("signatures.csv", "proof.txt", "verify.py"):
            info = opened.getinfo(name)
            # Behind the local header, within the compressed data.
            place = info.header_offset + 30 + len(name) + info.compress_size // 2
            broken = archive[:place] + bytes([archive[place] ^ 1]) + archive[place + 1 :]
            found = list(verify.check_delivery(zipfile.ZipFile(io.BytesIO(broken))))
            assert f"{name}: changed since it was made" in [
                str(each) for each in found if not each.holds
            ]


# What it hides


HASHES = [md5, sha1, sha256, sha512]


@pytest.mark.django_db
class TestPrivacy:
    @pytest.fixture
    def person(self, page, make_signature):
        page.ask_city = page.ask_postcode = "optional"
        return make_signature(
            given_name="Quirinalia",
            family_name="Zanzottera",
            email="quirinalia@zanzottera.example.org",
            city="Castelrotto",
            postcode="39040",
            message="For my sister Ludmilla.",
        )

    def test_nothing_names_a_person(self, page, person, make_delivery, content, hand_over):
        """No typed value and no plain hash of one, in manifest, proof, receipt and public page."""
        delivery = hand_over(make_delivery())
        receipt = receipt_of(person)
        public = Client().get(reverse("wagtail_petition:proof", args=[page.petition_key]))
        assert delivery.root in public.text
        with zipfile.ZipFile(io.BytesIO(content(delivery))) as opened:
            texts = [opened.read(name).decode() for name in ("manifest.json", "proof.txt")]
        texts += [json.dumps(receipt, ensure_ascii=False), public.text]
        typed = [
            *(person.given_name, person.family_name, person.full_name, person.email),
            *(person.city, person.postcode, person.message, person.email_key),
            f"{person.family_name} {person.given_name}",
            json.dumps([person.given_name, person.family_name]),
            verify.canonical([verify.NAME, "", person.given_name, person.family_name]).decode(),
        ]
        typed += [value.lower() for value in typed]
        for value in typed:
            for text in texts:
                assert value not in text
                for kind in HASHES:
                    assert kind(value.encode()).hexdigest() not in text
        # Nor does the salt, without which names can't be tried, leave the receipt.
        salt = bytes(Signature.objects.get().salt).hex()
        assert salt in texts[2]
        assert not any(salt in text for text in (*texts[:2], texts[3]))

    @pytest.mark.parametrize("erase", ["withdraw", "erase", "anonymise"])
    def test_the_salt_is_erased_with_the_data(self, page, person, make_delivery, hand_over, erase):
        hand_over(make_delivery())
        kept = receipt_of(person)
        if erase == "withdraw":
            ledger.withdraw(person)
        else:
            getattr(ledger, erase)([person.pk], petition=page.petition)
        assert Signature.objects.get().salt is None
        assert receipt_of(person) is None
        # Nor does a new delivery give it another one.
        make_delivery()
        assert Signature.objects.get().salt is None
        # What the signer has kept still proves it.
        assert all(each.holds for each in check(kept))

    def test_salts_are_in_no_export(self):
        assert "salt" not in get_all_columns()


@pytest.mark.django_db
def test_salts_are_given_with_few_queries(page, signed, django_assert_max_num_queries):
    signed(*["Anna"] * 20)
    Signature.objects.update(salt=None)
    with django_assert_max_num_queries(10 if connection.vendor == "sqlite" else 30):
        ledger.give_salts(page.petition.pk, 1, 20)
    assert Signature.objects.filter(salt=None).count() == 0
