"""What the columns of a file can be called: our names, and those of spreadsheets in 7 languages."""

from __future__ import annotations

import re
import unicodedata

#: What a file may say of somebody. ``first_name`` and ``last_name`` make the name.
FIELDS = (
    "email",
    "name",
    "first_name",
    "last_name",
    "role",
    "department",
    "language",
    "external_id",
    "site",
    "number",
    "desk_number",
    "device_id",
    "mailbox_number",
    "auth_user",
    "auth_password",
    "template",
)

_NAMES: dict[str, tuple[str, ...]] = {
    "email": (
        "e-mail, mail, e-mail address, email address, user name, login",
        "e-mail-adresse, mailadresse, benutzername, anmeldename",
        "courriel, adresse e-mail, adresse électronique, adresse mail",
        "correo, correo electrónico, dirección de correo",
        "posta elettronica, indirizzo e-mail, indirizzo email",
        "e-mailadres, mailadres",
        "correu, correu electrònic, adreça electrònica",
    ),
    "name": (
        "full name, display name",
        "anzeigename, vollständiger name, vor- und nachname",
        "nom complet, nom affiché",
        "nombre completo, nombre y apellidos",
        "nome completo, nome e cognome",
        "naam, volledige naam, weergavenaam",
        "nom i cognoms",
    ),
    "first_name": (
        "first name, given name, forename",
        "vorname",
        "prénom",
        "nombre, nombre de pila",
        "nome",
        "voornaam",
        "nom de pila",
    ),
    "last_name": (
        "last name, surname, family name",
        "nachname, familienname, zuname",
        "nom de famille",
        "apellidos, apellido",
        "cognome",
        "achternaam, familienaam",
        "cognom, cognoms",
    ),
    "role": ("", "rolle", "rôle", "rol, función", "ruolo", "functie", "funció"),
    "department": (
        "dept",
        "abteilung",
        "service, département",
        "departamento",
        "reparto, dipartimento",
        "afdeling",
        "departament",
    ),
    "language": ("", "sprache", "langue", "idioma", "lingua", "taal", "llengua"),
    "external_id": (
        "employee id, personnel number, employee number",
        "personalnummer, mitarbeiternummer",
        "matricule",
        "número de empleado",
        "matricola",
        "personeelsnummer",
        "número d'empleat",
    ),
    "site": (
        "location, pbx",
        "standort, anlage, tk-anlage",
        "emplacement",
        "sede, ubicación",
        "sito",
        "locatie, vestiging",
        "seu, emplaçament",
    ),
    "number": (
        "extension, phone, phone number, ext, call number, main number",
        "nebenstelle, rufnummer, durchwahl, telefon, telefonnummer, nst",
        "poste, numéro, numéro de poste, téléphone",
        "extensión, número, teléfono, interno",
        "interno telefonico, numero, telefono",
        "toestel, toestelnummer, nummer, telefoonnummer",
        "extensió, telèfon",
    ),
    "desk_number": (
        "desk phone, desk phone number",
        "tischtelefon, tischapparat",
        "téléphone de bureau, poste fixe",
        "teléfono de mesa, teléfono fijo",
        "telefono da tavolo, telefono fisso",
        "bureautelefoon, bureautoestel",
        "telèfon de taula, telèfon fix",
    ),
    "device_id": (
        "device, mulap, ons device",
        "gerät, gerätekennung",
        "appareil",
        "dispositivo",
        "apparecchio",
        "apparaat",
        "dispositiu",
    ),
    "mailbox_number": (
        "mailbox, voicemail",
        "sprachbox, mailboxnummer, anrufbeantworter",
        "messagerie, boîte vocale",
        "buzón, buzón de voz",
        "casella vocale",
        "voicemailnummer",
        "bústia, bústia de veu",
    ),
    "auth_user": (
        "sip user, pbx user",
        "sip-benutzer, anlagenbenutzer",
        "utilisateur sip",
        "usuario sip",
        "utente sip",
        "sip-gebruiker",
        "usuari sip",
    ),
    "auth_password": (
        "password, sip password, pbx password",
        "kennwort, passwort, sip-kennwort, sip-passwort",
        "mot de passe",
        "contraseña",
        "password sip",
        "wachtwoord",
        "contrasenya",
    ),
    "template": (
        "user template",
        "vorlage, benutzervorlage",
        # Alone the French and Italian words are as often those of a phone.
        "gabarit, modèle d'utilisateur",
        "plantilla",
        "modello utente",
        "sjabloon",
        "",
    ),
}


def plain(name: str) -> str:
    """How headings are compared: letters and digits alone, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", decomposed)


_BY_NAME: dict[str, str] = {}
for _field, _languages in _NAMES.items():
    for _name in (_field, *(one for names in _languages for one in names.split(", "))):
        if plain(_name):
            _BY_NAME.setdefault(plain(_name), _field)


def field_of(heading: str) -> str | None:
    return _BY_NAME.get(plain(heading))
