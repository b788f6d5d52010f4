"""The form of step three: the text that people signed, their consent, and defaults."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminDateInput
from wagtail.coreutils import get_content_languages

from wagtail_petition.clock import local_date
from wagtail_petition.countries import countries
from wagtail_petition.formats import language_name, listed
from wagtail_petition.imports import pasted
from wagtail_petition.imports.mapping import Options
from wagtail_petition.models import ImportBatch, Origin, Signature, SignedText
from wagtail_petition.moments import written_date
from wagtail_petition.pages.lookup import find_page, pages_with

Mode = ImportBatch.Mode

OTHER = "other"
PASTED = ("title", "letter", "consent_text")
DATES = {"signed_at", "confirmed_at"}
# The columns for which people must have agreed.
CONSENTED = ("show_name", "wants_news")


def get_texts(batch: ImportBatch) -> dict[str, tuple[SignedText, str]]:
    """The texts that people may have signed: {hash: (text, label)}, those of the pages first."""
    petition = batch.petition
    texts = {}
    for page in pages_with(petition.key):
        for text, label in (
            (page.get_text_to_sign(), _("%(title)s (%(language)s, as on the page now)")),
            (page.get_paper_text_to_sign(), _("%(title)s (%(language)s, on the printed sheet)")),
        ):
            texts.setdefault(text.sha256, (text, label))
    asked = Signature.objects.filter(petition=petition).order_by()
    stored = SignedText.objects.filter(
        Q(pk__in=asked.values("signed_text").distinct())
        | Q(pk__in=petition.printed_texts.order_by().values("signed_text"))
    )
    others = [*stored.order_by("-pk"), *([batch.signed_text] if batch.signed_text else [])]
    for text in others:
        texts.setdefault(text.sha256, (text, _("%(title)s (%(language)s, since %(date)s)")))
    return {
        key: (
            text,
            label
            % {
                "title": text.title,
                "language": language_name(text.language),
                "date": written_date(text.created_at) if text.created_at else "",
            },
        )
        for key, (text, label) in texts.items()
    }


class TextForm(forms.Form):
    """The text, the consent, the mode, and the values of people who gave none."""

    signed_text = forms.ChoiceField(
        label=gettext_lazy("Text that these people signed"),
        help_text=gettext_lazy("Stored with their signatures, as proof of what they agreed to."),
    )
    title = forms.CharField(label=gettext_lazy("Its title"), max_length=255, required=False)
    letter = forms.CharField(
        label=gettext_lazy("Its letter"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    consent_text = forms.CharField(
        label=gettext_lazy("What they agreed to about their data"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The text beside the checkbox or below the button, if any."),
    )
    consent = forms.CharField(
        label=gettext_lazy("Where these people agreed"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Confirmation"),
        choices=[(mode.value, mode.label) for mode in (Mode.CONFIRMED, Mode.ASK)],
        widget=forms.RadioSelect,
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Where they signed"),
        choices=[(o.value, o.label) for o in Origin if o != Origin.WEB],
    )
    default_date = forms.DateField(
        label=gettext_lazy("Date of signing"), required=False, widget=AdminDateInput
    )
    default_country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        help_text=gettext_lazy("Of people who gave none."),
    )
    default_language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("For emails, and of the text that they signed."),
    )

    def __init__(self, batch: ImportBatch, data=None):
        self.batch, self.options = batch, Options(**batch.options)
        self.texts = get_texts(batch)
        text = batch.signed_text
        options = self.options
        super().__init__(
            data,
            initial={
                "signed_text": text.sha256 if text else "",
                "consent": batch.consent,
                "mode": batch.mode,
                "origin": batch.origin,
                "default_date": options.default_date or None,
                "default_country": options.default_country,
                "default_language": options.default_language,
            },
        )
        self.fields["signed_text"].choices = [
            ("", _("Choose…")),
            *((key, label) for key, (_text, label) in self.texts.items()),
            (OTHER, _("Another text, pasted below")),
        ]
        self.fields["default_country"].choices = [("", _("Unknown")), *countries]
        languages = {**get_content_languages()}
        if options.default_language:
            languages.setdefault(options.default_language, language_name(options.default_language))
        self.fields["default_language"].choices = list(languages.items())
        if batch.origin == Origin.WEB:
            # Rows of our own exports have an origin each.
            del self.fields["origin"]
        self._ask_for_consent()
        self._ask_for_date()

    def _ask_for_consent(self):
        asked = [h for h, meaning in self.batch.mapping.items() if meaning in CONSENTED]
        if not asked:
            del self.fields["consent"]
            return
        columns = listed(_("“%(heading)s”") % {"heading": heading} for heading in asked)
        field = self.fields["consent"]
        field.help_text = ngettext(
            "The column %(columns)s says whose name is shown, or who gets news. Describe where "
            "people agreed to it, such as the form and its words.",
            "The columns %(columns)s say whose name is shown, or who gets news. Describe where "
            "people agreed to it, such as the form and its words.",
            len(asked),
        ) % {"columns": columns}
        field.error_messages["required"] = _(
            "Say where these people agreed, or go back and leave out %(columns)s."
        ) % {"columns": columns}

    def _ask_for_date(self):
        self.has_dates = bool(DATES & {*self.batch.mapping.values()})
        field = self.fields["default_date"]
        if self.has_dates:
            field.help_text = _("Of rows without one. If it is blank, such rows can’t be read.")
        else:
            field.required = True
            field.help_text = _("No column holds dates: this one is used for all rows.")

    @property
    def sections(self):
        """(heading, fields) of the sections of the form."""
        names = [
            (_("Text and consent"), ("signed_text", *PASTED, "consent")),
            (_("How and where they signed"), ("mode", "origin")),
            (_("Defaults"), ("default_date", "default_country", "default_language")),
        ]
        return [
            (heading, [self[name] for name in group if name in self.fields])
            for heading, group in names
        ]

    def clean_default_date(self):
        day = self.cleaned_data["default_date"]
        if day and day > local_date():
            raise forms.ValidationError(_("Enter today or an earlier date."))
        return day

    def clean_mode(self):
        mode, petition = self.cleaned_data["mode"], self.batch.petition
        if mode != Mode.ASK:
            return mode
        if "email" not in self.batch.mapping.values():
            raise forms.ValidationError(
                _("No column holds email addresses, so these people can’t be asked.")
            )
        page = find_page(petition.key)
        if page is None or not page.can_confirm():
            raise forms.ValidationError(
                _("Nobody can confirm while the petition is offline or closed.")
            )
        return mode

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        chosen = cleaned.get("signed_text")
        if chosen in self.texts:
            self.text: SignedText = self.texts[chosen][0]
        if chosen == OTHER:
            for name, error in (
                ("title", _("Enter the title of the text.")),
                ("letter", _("Paste the text that these people signed.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, error)
        elif chosen and any(cleaned.get(name) for name in PASTED):
            name = next(name for name in PASTED if cleaned.get(name))
            self.add_error(
                name, _("Choose “Another text, pasted below” above, or leave this field blank.")
            )
        if chosen == OTHER and not self.errors:
            self.text = pasted.make_text(
                petition=self.batch.petition,
                title=cleaned["title"],
                letter=cleaned["letter"],
                consent=cleaned["consent_text"],
                language=cleaned["default_language"],
                mapping=self.batch.mapping,
            )
        return cleaned

    def apply(self) -> None:
        """Set the choices on the batch, all but the text."""
        chosen, batch, options = self.cleaned_data, self.batch, self.options
        day = chosen["default_date"]
        options.default_date = day.isoformat() if day else ""
        options.default_country = chosen["default_country"]
        options.default_language = chosen["default_language"]
        batch.options = options.as_data()
        batch.mode = chosen["mode"]
        batch.origin = chosen.get("origin", batch.origin)
        batch.consent = chosen.get("consent", "")
