"""Common headings of columns, in the package's languages."""

import unicodedata

from wagtail_petition.models.search import fold

# {meaning: headings}. Compared without case, accents, spaces and punctuation.
WORDS = {
    "given_name": "first name, given name, fname, forename, vorname, prénom, nombre, primeiro nome, "
    "nome próprio, nome di battesimo, الاسم الأول, الاسم الشخصي",
    "family_name": "last name, family name, surname, lname, nachname, familienname, cognome, apellido, "
    "apellidos, sobrenome, apelido, nom de famille, اسم العائلة, اللقب, الكنية",
    "full_name": "name, full name, nome e cognome, cognome e nome, nome completo, nombre y apellidos, "
    "nombre completo, vor und nachname, vollständiger name, nom et prénom, prénom et nom, nom complet, "
    "signer, signatory, firmatario, الاسم الكامل, الاسم",
    "email": "email, e-mail, email address, mail, mail address, indirizzo email, indirizzo e-mail, "
    "posta elettronica, adresse mail, adresse email, adresse e-mail, courriel, correo electrónico, "
    "correo, email adresse, e-mail-adresse, endereço de email, endereço de e-mail, "
    "recipient email, البريد الإلكتروني, البريد الالكتروني",
    "postcode": "zip, zip code, postal code, postcode, post code, plz, postleitzahl, cap, codice postale, "
    "code postal, código postal, cep, الرمز البريدي",
    "city": "city, town, locality, place, can2_user_city, ort, stadt, wohnort, città, comune, "
    "luogo, ville, commune, ciudad, localidad, municipio, cidade, localidade, المدينة",
    "region": "state, province, region, can2_state_abbreviated, can2_user_state, bundesland, "
    "provincia, regione, département, région, estado, región, província, região, الولاية, المنطقة",
    "home_region": "us state, us voting state, voting state, state of vote, state where you vote, "
    "home state, home region",
    "home_district": "us district, us congressional district, congressional district, "
    "voting district, home district",
    "home_country": "home country, country where you vote, voting country",
    "home_place": "home place",
    "home_tie": "home tie",
    "country": "country, country code, country name, cc, land, paese, nazione, stato di residenza, "
    "pays, país, البلد, الدولة, رمز البلد",
    "signed_at": "signed on, signed at, signed, date signed, timestamp, date, action date, created date, "
    "created at, can2_subscription_date, completion time, optin time, datum, unterschrieben am, data, "
    "data firma, firmato il, date de signature, fecha, fecha de firma, data da assinatura, "
    "informazioni cronologiche, horodateur, zeitstempel, marca temporal, carimbo de data/hora, "
    "ora di completamento, fertigstellungszeit, heure de fin, hora de finalización, "
    "hora de conclusão, التاريخ, تاريخ التوقيع, طابع زمني",
    "message": "comment, comments, message, reason, reason for signing, kommentar, nachricht, commento, "
    "messaggio, motivo, commentaire, comentario, mensaje, comentário, mensagem, الرسالة, تعليق",
    "wants_news": "email opt in, opt in, newsletter, can2_subscription_status, marketing permission, "
    "wants news, wants updates, updates, aggiornamenti, nouvelles, boletín",
    "show_name": "show name, public name, display name publicly, mostra il nome, "
    "nome mostrato in pubblico",
    "language": "language, lang, lingua, sprache, langue, idioma, اللغة",
    "source": "source, fonte, quelle, origen",
}
# Headings whose meaning depends on the others.
FIRST_OR_WHOLE = ("nome",)
LAST_OR_WHOLE = ("nom",)
# Suggested only: a person has to accept them.
DOUBTFUL = (
    "date",
    "data",
    "datum",
    "fecha",
    "التاريخ",
    "place",
    "luogo",
    "source",
    "fonte",
    "quelle",
)


def key(heading: str) -> str:
    """A heading in the form that is compared: letters and digits, without case and accents."""
    return "".join(char for char in fold(heading) if unicodedata.category(char)[0] in "LN")


MEANINGS = {key(word): meaning for meaning, words in WORDS.items() for word in words.split(", ")}
DOUBTFUL_KEYS = {key(word) for word in DOUBTFUL}


def meaning(heading: str, others: set[str]) -> str:
    """The meaning of a heading, given ``others`` (the keys of all headings); "" if unknown."""
    this = key(heading)
    meanings = {MEANINGS.get(other) for other in others}
    if this in FIRST_OR_WHOLE:
        return "given_name" if "family_name" in meanings else "full_name"
    if this in LAST_OR_WHOLE:
        return "family_name" if "given_name" in meanings else "full_name"
    return MEANINGS.get(this, "")


def is_doubtful(heading: str) -> bool:
    """Whether a person should confirm the meaning of the heading."""
    return key(heading) in DOUBTFUL_KEYS
