"""The admin's pages about signatures, at ten thousand signatures of one petition and at millions.

As a superuser and as a manager who may edit that petition alone. Beside them Wagtail's own
listing of the same table. Both sizes are measured in rounds that alternate, each in a database
of its own.
"""

import time
from collections import defaultdict
from datetime import timedelta
from itertools import product
from statistics import median

from django.contrib.auth.models import Group, Permission, User
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from wagtail.models import GroupPagePermission

from wagtail_petition import ledger
from wagtail_petition.models import Signature

from . import content
from .fill import SPAN, fill
from .voters import deliver_by_state

ROWS = 6_100_000
FEW = 10_000
ROUNDS = 15
# Below this a sequential scan is what is right.
LARGE = 100_000
TABLE = Signature._meta.db_table
# The only one of their kind, and the oldest: a walk from the newest passes all others.
RARE = {
    "given_name": "Zebulon",
    "family_name": "Quist",
    "email": "zebulon@quist.example",
    "country": "VA",
    "postcode": "00120",
    "source": "poster",
    "home_country": "US",
    "home_region": "US-GU",
    "home_district": "00",
    "home_tie": "never_lived",
}
# Filters combined, and Wagtail's own: shown, and not claimed of.
COMBINED, STOCK = "Combined", "Wagtail’s own"
# Asked for once the list is there: up to a hundred thousand rows are counted.
COUNTS = "Counts"


def run(bench):
    """Fill to ten thousand, keep a copy, fill on, and measure both."""
    home = content.make_site()
    page = content.make_petition_page(home, **content.VOTERS)
    first = ledger.confirm(ledger.sign(page, **RARE)).signature
    long_ago = timezone.now() - SPAN - timedelta(days=1)
    Signature.objects.filter(pk=first.pk).update(signed_at=long_ago, confirmed_at=long_ago)
    users = {"superuser": User.objects.create_superuser("superuser"), "manager": manager(page)}
    clients = {}
    for name, user in users.items():
        clients[name] = Client(headers={"Host": "127.0.0.1"})
        clients[name].force_login(user)

    few = min(FEW, bench.rows // 10)
    fill(page, few)
    deliver_by_state(page.petition)
    urls = {few: paths(page.petition, few)}
    connection.close()
    bench.cluster.copy("few")
    seconds = fill(page, bench.rows)
    deliver_by_state(page.petition)
    bench.title(f"{few:,} and {bench.rows:,} signatures, filled in {seconds:.0f} s")
    urls[bench.rows] = paths(page.petition, bench.rows)
    figures = measure(clients, urls, enough=bench.seconds(20))
    report(bench, list(users), figures[few], figures[bench.rows])


def manager(page):
    """A user who may see, change and export the signatures of ``page``, and nothing else."""
    user, group = User.objects.create_user("manager"), Group.objects.create(name="managers")
    user.groups.add(group)
    names = ["access_admin", *(f"{verb}_signature" for verb in ("view", "change", "export"))]
    group.permissions.add(*Permission.objects.filter(codename__in=names))
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=group, page=page, permission=change)
    return user


def paths(petition, rows):
    """What to GET: {name: path}. The names begin with what kind of page it is."""
    index = reverse("petition_signatures:index")
    middle = Signature.objects.order_by("-pk").values_list("pk", flat=True)[rows // 2]
    now = timezone.now()

    def days(name, *ago):
        """A range of days as the list's form sends it."""
        return {
            f"{name}_{end}": f"{now - timedelta(days=number):%Y-%m-%d}"
            for end, number in zip(("from", "to"), ago, strict=True)
        }

    asked = {
        "List: first page": {"status": ""},
        "List: by name": {"petition": petition.pk, "status": "confirmed", "ordering": "name"},
        "List: by number": {"petition": petition.pk, "status": "confirmed", "ordering": "number"},
        "List: by date": {"status": "", "ordering": "signed_at"},
        "List: first page of the petition": {"petition": petition.pk},
        "List: in the middle": {"p": f"older-{middle}"},
        "List: oldest": {"p": "oldest"},
        "Filter: status, most": {"status": "confirmed"},
        "Filter: status, few": {"status": "invalidated"},
        "Filter: status, oldest": {"status": "withdrawn", "p": "oldest"},
        "Filter: country, most": {"country": "IT"},
        "Filter: country, one": {"country": "VA"},
        "Filter: country, none": {"country": "AQ"},
        "Filter: language": {"language": "it"},
        "Filter: source, many": {"source": "newsletter"},
        "Filter: source, one": {"source": "poster"},
        "Filter: source, none": {"source": "nothing"},
        "Filter: signed, last week": days("signed", 7, 0),
        "Filter: signed, a day long ago": days("signed", 60, 60),
        "Filter: signed, none": days("signed", 4000, 3999),
        "Filter: confirmed, last week": days("confirmed", 7, 0),
        "Filter: confirmed, a day long ago": days("confirmed", 60, 60),
        "Filter: confirmed, none": days("confirmed", 4000, 3999),
        "Filter: name shown": {"show_name": "true"},
        "Filter: name not shown": {"show_name": "false"},
        "Filter: with a message": {"message": "true"},
        "Filter: message to review": {"message_state": "pending"},
        "Filter: email failed": {"email_failed": "true"},
        "Filter: region, none": {"region": "Nowhere"},
        "Filter: without a message": {"message": "false"},
        "Filter: home region, most": {"home_region": "US-CA"},
        "Filter: home region, one": {"home_region": "US-GU"},
        "Filter: home region, none": {"home_region": "US-AS"},
        "Filter: home district, many": {"home_district": "TX-38"},
        "Filter: home district of any region": {"home_district": "12"},
        "Filter: home district, one": {"home_district": "GU-00"},
        "Filter: home district, none": {"home_district": "NY-99"},
        "Filter: home tie": {"home_tie": "lived_there"},
        "Filter: home region of the petition": {
            "petition": petition.pk,
            "status": "confirmed",
            "home_region": "US-CA",
        },
        "Filter: delivered": {"delivered": "true"},
        "Filter: not delivered": {"delivered": "false"},
        "Search: number": {"q": "#5,000"},
        "Search: name, many": {"q": "anna"},
        "Search: first and last name": {"q": "garcia zoe"},
        "Search: words of both names": {"q": "zoe garc"},
        "Search: name, one": {"q": "quist"},
        "Search: postcode": {"q": "00120"},
        "Search: number or postcode, none": {"q": "2099999999"},
        "Search: name with an apostrophe": {"q": "oneill"},
        "Search: how an address begins": {"q": "zebulon.q"},
        "Search: bare domain, one": {"q": "quist.example"},
        "Search: name, none": {"q": "nobody at all"},
        "Search: address": {"q": "signer.5001@example.com"},
        "Search: canonical address": {"q": "Signer.5001+petitions@Example.com"},
        "Search: how addresses begin": {"q": "signer.50@"},
        "Search: how most addresses begin": {"q": "signer.5001@exam"},
        "Search: address, none": {"q": "nobody@example.org"},
        "Search: domain, all": {"q": "@example.com"},
        "Search: domain, one": {"q": "@quist.example"},
        "Search: domain, none": {"q": "@nowhere.example"},
        f"{COMBINED}: status, country": {"status": "confirmed", "country": "IT"},
        f"{COMBINED}: status, country, none": {"status": "unconfirmed", "country": "VA"},
        f"{COMBINED}: country, signed": {"country": "CA", **days("signed", 60, 58)},
        f"{COMBINED}: country, signed, none": {"country": "VA", **days("signed", 60, 58)},
        f"{COMBINED}: name, country": {"q": "anna", "country": "CA"},
        f"{COMBINED}: name, country, none": {"q": "anna", "country": "VA"},
        f"{COMBINED}: domain, status": {"q": "@example.com", "status": "unconfirmed"},
        f"{COMBINED}: to be delivered": {"delivered": "false", "status": "confirmed"},
        f"{COMBINED}: delivered, country, none": {"delivered": "true", "country": "US"},
        f"{COMBINED}: language, message": {"language": "it", "message": "true"},
    }
    counts = reverse("petition_signatures:counts")
    return {
        **{name: f"{index}?{urlencode(query)}" for name, query in asked.items()},
        f"{COUNTS}: all": f"{counts}?petition={petition.pk}",
        f"{COUNTS}: country": f"{counts}?country=IT",
        f"{COUNTS}: name": f"{counts}?q=anna",
        f"{COUNTS}: home region": f"{counts}?home_region=US-CA",
        f"{COUNTS}: home district": f"{counts}?home_district=TX-38",
        "Page: overview": reverse("petitions:index"),
        "Page: dashboard": reverse("petitions:dashboard", args=[petition.pk]),
        "Page: by state": reverse("petitions:votes", args=[petition.pk]),
        "Page: by state, CSV": reverse("petitions:votes_csv", args=[petition.pk]),
        "Page: a signature": reverse("petition_signatures:inspect", args=[middle]),
        f"{STOCK}: first page": reverse("stock_signatures:index"),
        f"{STOCK}: in the middle": reverse("stock_signatures:index") + f"?p={rows // 100 + 1}",
    }


def measure(clients, urls, enough):
    """GET each page in rounds. Returns {rows: {(name, user): {"ms", "queries", "scans"}}}.

    What took ``enough`` seconds altogether needs no more rounds.
    """
    few, many = urls
    databases = {few: connection.copy(), many: connections["default"]}
    databases[few].settings_dict = {**connection.settings_dict, "NAME": "few"}
    figures, times = {rows: {} for rows in urls}, defaultdict(list)
    for turn in range(1 + ROUNDS):
        for user, name in product(clients, urls[few]):
            # One right after the other, and each of them first as often.
            for rows in sorted(urls, reverse=turn % 2):
                connections["default"] = databases[rows]
                path = urls[rows][name]
                taken = times[rows, name, user]
                if turn == 0:
                    figures[rows][name, user] = look(clients[user], path)
                elif sum(taken) < enough:
                    start = time.perf_counter()
                    clients[user].get(path)
                    taken.append(time.perf_counter() - start)
    for (rows, name, user), taken in times.items():
        figures[rows][name, user]["ms"] = 1000 * median(taken)
    databases[few].close()
    connections["default"] = databases[many]
    return figures


def look(client, path):
    """The queries of a page after its first request, and the plans that are too expensive."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    queries = [query["sql"] for query in captured.captured_queries]
    return {"queries": len(queries), "scans": scans(queries)}


def scans(queries):
    """The plans of those queries that read the whole table of signatures."""
    plans = []
    with connection.cursor() as cursor:
        for sql in queries:
            if TABLE in sql and sql.startswith("SELECT"):
                cursor.execute(f"EXPLAIN {sql}".replace("%", "%%"))
                plan = "\n".join(line for (line,) in cursor.fetchall())
                if f"Seq Scan on {TABLE}" in plan:
                    plans.append(f"{sql}\n{plan}")
    return plans


def report(bench, users, few, many):
    """Print both sizes side by side, and claim."""
    names = list(dict.fromkeys(name for name, _user in few))
    head = ["Medians in ms"]
    for user in users:
        head += [f"{user}, few", "many", "times", "queries"]
    table = []
    growth = {key: many[key]["ms"] / few[key]["ms"] for key in few}
    for name in names:
        row = [name]
        for user in users:
            key = name, user
            row += [few[key]["ms"], many[key]["ms"], growth[key], many[key]["queries"]]
        table.append(row)
    bench.table(head, table)

    ours = {key: figures for key, figures in many.items() if not key[0].startswith(STOCK)}
    # A count ends after a hundred thousand rows: a scan may be the shortest way to them.
    plans = [
        (key, plan)
        for key, figures in ours.items()
        if not key[0].startswith(COUNTS)
        for plan in figures["scans"]
    ]
    for (name, user), plan in plans:
        bench.note(f"{name} ({user}):\n{plan}")
    for name in names:
        if not name.startswith((COMBINED, COUNTS, STOCK)):
            worst = max(growth[name, user] for user in users)
            bench.claim(f"growth_of_{slugify(name).replace('-', '_')}", worst, "<= 1.5")
    counted = [figures["ms"] for key, figures in ours.items() if key[0].startswith(COUNTS)]
    bench.claim("slowest_count_ms", max(counted), "<= 2000")
    bench.claim("queries_of_a_page", max(f["queries"] for f in ours.values()), "<= 25")
    if bench.rows >= LARGE:
        bench.claim("sequential_scans", len(plans), "== 0")
