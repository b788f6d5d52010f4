"""Suggest a correction for mistyped email domains. Such an address is never refused."""

from difflib import get_close_matches

# The most common domains, and real domains that look like a mistyped one of them.
COMMON = [
    *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.it", "hotmail.co.uk", "hotmail.fr"),
    *("outlook.com", "outlook.it", "live.com", "live.it", "msn.com", "yahoo.com", "yahoo.it"),
    *("yahoo.co.uk", "yahoo.fr", "yahoo.es", "yahoo.de", "ymail.com", "icloud.com", "me.com"),
    *("mac.com", "aol.com", "libero.it", "virgilio.it", "tiscali.it", "alice.it", "tin.it"),
    *("email.it", "mail.com", "email.com", "gmx.com", "gmx.de", "gmx.net", "gmx.it", "web.de"),
    *("t-online.de", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "protonmail.com"),
    *("proton.me", "pm.me", "zoho.com", "fastmail.com", "hey.com", "comcast.net", "verizon.net"),
    *("att.net", "sbcglobal.net", "bellsouth.net", "mail.ru", "yandex.ru", "yandex.com"),
    *("qq.com", "163.com", "126.com", "naver.com", "telefonica.net", "sapo.pt", "terra.com.br"),
    *("uol.com.br", "bol.com.br", "bluewin.ch", "hispeed.ch", "telenet.be", "skynet.be"),
]

# Real in many countries: hotmail.be isn't a mistake.
IN_MANY_COUNTRIES = ("yahoo.", "hotmail.", "live.", "outlook.", "gmx.", "orange.", "yandex.")


def suggest_address(email: str) -> str:
    """The address that was probably meant, or "" if no common domain is close."""
    local, _at, domain = email.rpartition("@")
    domain = domain.lower()
    is_national = domain.startswith(IN_MANY_COUNTRIES) and domain[-3] == "."
    if domain in COMMON or is_national:
        return ""
    close = get_close_matches(domain, COMMON, n=1, cutoff=0.85)
    return f"{local}@{close[0]}" if close else ""
