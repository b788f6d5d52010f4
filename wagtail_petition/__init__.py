"""Petitions for Wagtail: publish a page, collect confirmed signatures, hand them over.

In an existing site, add two apps to ``INSTALLED_APPS``::

    "wagtail_petition",
    "django_countries",

and one line to ``urls.py``, before Wagtail's own and outside of ``i18n_patterns``::

    path("petitions/", include("wagtail_petition.urls")),

After ``manage.py migrate`` an editor can add a page of the type *Petition page*: title,
recipients and letter are all it needs. The site's ``base.html`` needs no more than a block named
``content``.

Whoever signs gets a mail and confirms by the button behind its link. Each confirmed signature has
a number. The menu *Petitions* in the admin lists, filters and exports signatures, for those who
may view them and may change the petition's page.

``manage.py run_petition_jobs``, from cron or with ``--watch``, sends what is owed and erases what
is due.

A page type of your own has everything of ours::

    class CampaignPage(PetitionPageMixin, BasePage):
        pass

Settings are the keys of one dict, ``WAGTAIL_PETITION``: see ``wagtail_petition.conf``. To follow
what happens, connect to ``wagtail_petition.signals``. To change a signature, call the verbs of
``wagtail_petition.ledger``, which alone write the ledger.
"""

__version__ = "0.1.0"
