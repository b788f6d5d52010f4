"""The form for signing, built from the page."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.forms.utils import pretty_name
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _
from wagtail.blocks.stream_block import StreamValue

from wagtail_petition.home.answers import PARTS as HOME
from wagtail_petition.home.answers import get_home_scheme
from wagtail_petition.home.residence import read_residence

from .bounds import BoundedForm
from .countries import CountryField, CountrySelect
from .fields import (
    EmailField,
    FamilyNameField,
    NameField,
    PlainCharField,
    PostcodeField,
    SourceField,
    WholeNumberField,
)
from .home import (
    COUNTRY,
    ask_again,
    clean_home,
    drop_answers_on_other_country,
    get_home_fields,
)
from .regions import ResidenceField, ResidenceInput

if TYPE_CHECKING:
    # The models import this module.
    from wagtail_petition.models.terms import Terms

MESSAGE_LENGTH = 1000
ADDRESS_MESSAGES = {
    "required": _("Enter your email address."),
    "max_length": _("Enter an email address of 254 characters or fewer."),
}


class AddressForm(BoundedForm):
    """The address to send a link to."""

    email = EmailField(label=_("Email"), max_length=254, error_messages=ADDRESS_MESSAGES)


# The type of question for a form field. The first match applies; other fields are short texts.
KINDS: list[tuple[type[forms.Field] | tuple[type[forms.Field], ...], str]] = [
    (forms.MultipleChoiceField, "several_choices"),
    (forms.ChoiceField, "one_choice"),
    (forms.BooleanField, "tick_box"),
    ((forms.IntegerField, WholeNumberField), "number"),
    (forms.DateField, "date"),
]


def _as_question(name: str, field: forms.Field) -> dict[str, Any]:
    kind = next((kind for each, kind in KINDS if isinstance(field, each)), "short_text")
    choices = getattr(field, "choices", None) or [] if kind.endswith(("choice", "choices")) else []
    return {
        "id": name,
        "type": kind,
        "label": str(field.label or pretty_name(name)),
        "choices": [
            {"id": str(value), "label": str(label)}
            for value, label in flatten_choices(choices)
            if value not in ("", None)
        ],
    }


def _attrs(**attrs: str) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in attrs.items()}


class Asking(Protocol):
    """The attributes of a page that the form uses."""

    @property
    def terms(self) -> "Terms": ...

    @property
    def questions(self) -> Any: ...


class SignForm(BoundedForm):
    """The form of ``page``, which uses ``PetitionPageMixin``.

    The fields for the page's questions are named ``q_<block id>``. To add fields or checks,
    return a subclass from ``get_sign_form``.
    """

    given_name = NameField(
        label=_("First name"),
        error_messages={"required": _("Enter your first name.")},
        widget=forms.TextInput(attrs=_attrs(autocomplete="given-name", spellcheck="false")),
    )
    family_name = FamilyNameField(
        label=_("Last name"),
        error_messages={"required": _("Enter your last name.")},
        widget=forms.TextInput(attrs=_attrs(autocomplete="family-name", spellcheck="false")),
    )
    email = EmailField(
        label=_("Email"),
        help_text=_(
            "We’ll email you a link to confirm. Each person who signs needs their own address."
        ),
        max_length=254,
        error_messages=ADDRESS_MESSAGES,
        widget=forms.EmailInput(attrs=_attrs(autocomplete="email", spellcheck="false")),
    )
    country = CountryField(
        label=_("Country where you live"),
        error_messages={
            "required": _("Choose the country where you live."),
            "invalid_choice": _("Choose a country from the list."),
        },
        widget=CountrySelect(attrs=_attrs(autocomplete="country")),
    )
    postcode = PostcodeField(
        label=_("Postcode"),
        error_messages={"required": _("Enter your postcode.")},
        widget=forms.TextInput(attrs=_attrs(autocomplete="postal-code", spellcheck="false")),
    )
    city = NameField(
        label=_("City"),
        error_messages={"required": _("Enter your city.")},
        widget=forms.TextInput(attrs=_attrs(autocomplete="address-level2")),
    )
    region = ResidenceField()
    message = PlainCharField(
        label=_("Message"),
        max_length=MESSAGE_LENGTH,
        error_messages={
            "max_length": _("Shorten your message to %(limit_value)d characters or fewer.")
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent = forms.BooleanField(
        error_messages={
            "required": _(
                "Tick the box if you agree. We can’t accept your signature without your consent."
            )
        }
    )
    show_name = forms.BooleanField(
        label=_("Show my first name, initial and country on this page"), required=False
    )
    wants_news = forms.BooleanField(label=_("Send me news about this petition"), required=False)
    source = SourceField(required=False)

    # The order of fields. Questions, then the fields of a subclass, come in between.
    FIRST = (
        *("given_name", "family_name", "email", "country", "postcode", "city", "region"),
        *(COUNTRY, *HOME),
    )
    LAST = ("message", "consent", "show_name", "wants_news", "source")

    def __init__(self, page: Asking, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="petition-%s", label_suffix="", **kwargs)
        self.page = page
        for name in ("family_name", "postcode", "city", "region", "message"):
            ask = getattr(page.terms, f"ask_{name}")
            if ask == "no":
                del self.fields[name]
            else:
                self.fields[name].required = ask == "required"
        if self.is_bound and "region" in self.fields:
            widget = self.fields["region"].widget
            if isinstance(widget, ResidenceInput):
                widget.country = str(self.data.get(self.add_prefix("country")) or "")
        if page.terms.ask_family_name == "required":
            self.fields["family_name"].help_text = _("If you have only one name, enter “-” here.")
        if not page.terms.ask_show_name:
            del self.fields["show_name"]
        else:
            self._say_what_is_shown(page.terms)
        if not page.terms.ask_news:
            del self.fields["wants_news"]
        self.home_scheme = get_home_scheme(page.terms)
        self.fields |= get_home_fields(page.terms)
        self.home_has_changed = self.is_bound and drop_answers_on_other_country(self)
        self.questions = {f"q_{child.id}": child for child in page.questions}
        for name, child in self.questions.items():
            self.fields[name] = self.get_question_field(child)
        own = [n for n in self.fields if n not in (*self.FIRST, *self.LAST)]
        self.order_fields([*self.FIRST, *own, *self.LAST])

    @property
    def home_fields(self) -> list[forms.BoundField]:
        """The fields on where the signer votes, which the form shows together."""
        return [self[name] for name in self.home_names]

    @property
    def home_names(self) -> list[str]:
        """The names of ``home_fields``."""
        return [name for name in HOME if name in self.fields]

    def full_clean(self) -> None:
        super().full_clean()
        # Not in ``clean``, which a subclass may override without calling it.
        if self.is_bound and self.cleaned_data.get("region"):
            self.cleaned_data["region"] = read_residence(
                str(self.cleaned_data.get("country") or ""), self.cleaned_data["region"]
            )
        if self.is_bound and self.home_scheme and self.home_names:
            self.cleaned_home = clean_home(self, self.home_scheme)
            if self.home_has_changed:
                ask_again(self)

    def _say_what_is_shown(self, terms: "Terms") -> None:
        """Mention what the public list shows besides the name: the city and the message."""
        shown = self.fields["show_name"]
        if terms.ask_city == "required":
            shown.label = _("Show my first name, initial and city on this page")
        elif terms.ask_city != "no":
            shown.label = _("Show my first name, initial and city (or country) on this page")
        if terms.ask_message != "no":
            shown.help_text = _("If your message is approved, it will appear with your name.")

    def get_question_field(self, child: StreamValue.StreamChild) -> forms.Field:
        """The form field for a question, which is a StreamField child."""
        field = child.block.get_form_field(child.value)
        field.error_messages["required"] = (
            _("Tick “%(label)s” to continue.")
            if isinstance(field, forms.BooleanField)
            else _("Answer “%(label)s”.")
        ) % {"label": field.label}
        return field

    def get_own_questions(self) -> list[dict[str, Any]]:
        """The fields that a subclass adds, as questions.

        A list of ``{"id", "type", "label", "choices": [{"id", "label"}]}``, as in ``SignedText``;
        the id is the field's name. Storing them with the signed text gives the answers a label in
        the admin, exports, deliveries and on the signer's page. You can override this method, for
        example to leave out a field that ``personal_data`` drops.
        """
        ours = {*self.FIRST, *self.LAST, *self.questions}
        return [
            _as_question(name, field) for name, field in self.fields.items() if name not in ours
        ]

    @property
    def personal_data(self) -> dict[str, Any]:
        """The arguments for ``ledger.sign`` from a valid form.

        The fields that a subclass adds become answers, under the field's name. Their values must
        be plain data: text, number, boolean, or a list of those. You can override this property.
        """
        asked = {name: self.cleaned_data[name] for name in self.fields if name != "consent"}
        data = {name: asked.pop(name) for name in (*self.FIRST, *self.LAST) if name in asked}
        if self.home_names:
            data |= self.cleaned_home
        for name, child in self.questions.items():
            asked[child.id] = child.block.get_answer(asked.pop(name))
        data["answers"] = {
            name: answer for name, answer in asked.items() if answer not in (None, "", [])
        }
        return data
