"""Petitions for Wagtail: publish a page, collect confirmed signatures, deliver them.

In an existing site, add two apps to ``INSTALLED_APPS``::

    "wagtail_petition",
    "django_countries",

and one line to ``urls.py``, before Wagtail's own and outside of ``i18n_patterns``::

    path("petitions/", include("wagtail_petition.urls")),

After ``manage.py migrate`` an editor can add a page of the type *Petition page*: title,
recipients and letter are all it needs. The site's ``base.html`` needs no more than a block named
``content``.

Signers get an email with a link, and confirm with a button. Each confirmed signature has
a number. The menu *Petitions* in the admin lists, filters and exports signatures, for users who
may view signatures and edit the petition's page.

``manage.py run_petition_jobs``, from cron or with ``--watch``, sends queued emails and erases
data that is due.

Your own page type gets all features from a mixin::

    class CampaignPage(PetitionPageMixin, BasePage):
        pass

Settings are the keys of one dict, ``WAGTAIL_PETITION``: see ``wagtail_petition.conf``. To react to
events, connect to ``wagtail_petition.signals``. To change a signature, call the functions of
``wagtail_petition.ledger``: no other code writes signatures.
"""

__version__ = "0.1.0"
