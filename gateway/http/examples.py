"""Examples of requests and answers, made from their schemas.

A field says its own by ``Field(examples=[...])``; the others take what fields of their name or form
hold. Every example fits its schema, and every request's is taken by its model: a test sees to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_ID = "01948a5d-ac96-774b-bcce-b302099a8057"
_TIME = "2026-01-02T10:00:00Z"
_DEEPEST = 6
_BY_FORMAT = {
    "date-time": _TIME,
    "date": "2026-01-02",
    "email": "anna@example.com",
    "uri": "https://example.com/",
    "uuid": _ID,
}
#: By the name of a member, or the end of it after an underscore.
_BY_NAME: dict[str, Any] = {
    "id": _ID,
    "ids": [_ID],
    "email": "anna@example.com",
    "support_email": "help@example.com",
    "name": "Anna König",
    "display_name": "Anna König",
    "site_name": "Munich",
    "site": "Munich",
    "filename": "people.csv",
    "department": "Sales",
    "company": "Example GmbH",
    "number": "101",
    "dialled": "089 123456",
    "canonical": "+4989123456",
    "display": "+49 89 123456",
    "to": "+4989123456",
    "digits": "123#",
    "slot": "701",
    "verb": "transfer",
    "scopes": ["people.read"],
    "language": "en",
    "url": "https://example.com/hook",
    "host": "ldap.example.com",
    "issuer": "https://login.example.com",
    "domain": "example.com",
    "country": "de",
    "area_code": "89",
    "role": "user",
    "month": "2026-01",
    "at": _TIME,
    "until": _TIME,
    "since": _TIME,
    "cursor": "eyJhZnRlciI6IjQyIn0",
    "password": "seven green umbrellas",
    "code": "123456",
    "title": "Maintenance",
    "text": "On Friday from 22:00.",
    "note": "Back at three",
    "why": "left the company",
    "noted": {"number": 1, "digest": "5f" * 32},
    "account": "anna@example.com",
    "action": "person.disable",
    "auth_user": "5101",
    "bundle": _ID,
    "by": "Ada Lang",
    "call": _ID,
    "client_ip": "203.0.113.7",
    "command": "curl -fsS https://example.com/install | sh",
    "delivery": _ID,
    "description": "to the order desk",
    "desk_number": "5101",
    "detail": "the line answered",
    "digest": "5f" * 32,
    "error": "the other side answered 503",
    "event": "call.ended",
    "exit_code": "0",
    "from_line": "101",
    "line": "101",
    "mailbox_number": "199",
    "min_length": 12,
    "number_block": "8912345",
    "pbx_release": "V3R4",
    "permission": "Contacts.Read",
    "q": "anna",
    "reason": "the number belongs to somebody else",
    "reference": "7KQ4-M2",
    "started_by": "Ada Lang",
    "token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas",
    "trunk_prefix": "0",
    "words": "the number belongs to somebody else",
    "version": 1,
    "total": 1,
    "limit": 50,
}


#: Where a name alone does not tell: by words of the schema's name.
_BY_MODEL: dict[str, dict[str, Any]] = {
    "Announcement": {"title": "Maintenance"},
    "Compatibility": {"note": "tested"},
    "Fault": {"code": "number_taken", "column": "number"},
    "File": {"name": "people.csv"},
    "Column": {"name": "Extension", "field": "number"},
    "HuntGroup": {"name": "Sales", "number": "350"},
    "Import": {"name": "people.csv"},
    "Key": {"name": "Order desk"},
    "NewKey": {"name": "Order desk"},
    "Passkey": {"name": "Laptop"},
    "Device": {"name": "Laptop", "kind": "web"},
    "Quota": {"name": "calls"},
    "Site": {"name": "Munich"},
    "Connection": {"name": "Example's own sign-in"},
    "Tenant": {"name": "Example GmbH"},
    "Deletion": {"name": "Example GmbH"},
    "Template": {"name": "Sales, Munich", "next_number": "102"},
    "Session": {"method": "password"},
    "Terms": {"text": "What both sides agree to.", "version": "2026-01"},
}


class Examples:
    """Of one document; ``schemas`` are its components. Where it is ``sparing`` an object has what
    has to be said, and what has an example of its own: what else could be said is in the schema.
    """

    def __init__(self, schemas: dict[str, dict[str, Any]]) -> None:
        self._schemas = schemas

    def add_to(self, document: dict[str, Any]) -> None:
        """To all parameters, requests and answers, once: with the schema where that has a name, as
        ``examples``. What the gateway sends, it sends whole.
        """
        named: dict[str, Any] = {}
        for part, sparing in (("paths", True), ("webhooks", False)):
            for methods in document[part].values():
                for operation in methods.values():
                    self._add_to(operation, named, sparing=sparing)
        for name, example in named.items():
            self._schemas[name].setdefault("examples", [example])

    def _add_to(self, operation: dict[str, Any], named: dict[str, Any], *, sparing: bool) -> None:
        for one in operation.get("parameters", ()):
            if one["in"] != "header" and (one["required"] or one["schema"].get("examples")):
                one["example"] = self._make(one["schema"], one["name"], 1, sparing=True)
        said = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if said is not None:
            self._add(said, named, sparing=sparing)
        for status, answer in operation["responses"].items():
            answered = answer.get("content", {}).get("application/json")
            if answered is not None and status.startswith("2"):
                self._add(answered, named, sparing=False)

    def _add(self, media: dict[str, Any], named: dict[str, Any], *, sparing: bool) -> None:
        if "example" in media:
            return
        example = self._make(media["schema"], "", 0, sparing=sparing)
        name = str(media["schema"].get("$ref", "")).rpartition("/")[2]
        if name:
            named.setdefault(name, example)
        else:
            media["example"] = example

    def _make(self, schema: Schema, name: str, depth: int, *, sparing: bool) -> Any:
        model = str(schema.get("$ref", "")).rpartition("/")[2]
        schema = self._resolved(schema)
        if model and "properties" in schema:
            schema = {**schema, "properties": _with_words_of(model, schema["properties"])}
        if schema.get("examples"):
            return schema["examples"][0]
        if "x-words" in schema:
            return schema["x-words"]
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        choices = schema.get("anyOf") or schema.get("oneOf")
        if choices:
            return self._of_choices(schema, choices, name, depth, sparing=sparing)
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._object(schema, depth, sparing=sparing)
        if kind == "array":
            return self._array(schema, name, depth, sparing=sparing)
        return _plain(schema, name)

    def _of_choices(
        self, schema: Schema, choices: Any, name: str, depth: int, *, sparing: bool
    ) -> Any:
        if sparing and depth > 0 and "default" in schema:
            return schema["default"]
        real = [one for one in choices if one.get("type") != "null"]
        if not real or depth > _DEEPEST:
            return None
        return self._make(real[0], name, depth, sparing=sparing)

    def _object(self, schema: Schema, depth: int, *, sparing: bool) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        members: Mapping[str, Schema] = schema.get("properties", {})
        wanted = {
            name: member
            for name, member in members.items()
            if name in required or "examples" in member or (not sparing and depth <= _DEEPEST)
        }
        if sparing and not wanted and members:
            # A change that says nothing shows nothing.
            first = next(iter(members))
            return {first: self._make(members[first], first, depth + 1, sparing=False)}
        made = {
            name: self._make(member, name, depth + 1, sparing=sparing)
            for name, member in wanted.items()
        }
        values = schema.get("additionalProperties")
        if isinstance(values, Mapping) and values and not sparing and depth <= _DEEPEST:
            keys = self._resolved(schema.get("propertyNames", {}))
            key = str(self._make(keys, "key", depth + 1, sparing=sparing)) if keys else "name"
            made[key] = self._make(values, key, depth + 1, sparing=sparing)
        return made

    def _array(self, schema: Schema, name: str, depth: int, *, sparing: bool) -> list[Any]:
        if "prefixItems" in schema:
            return [
                self._make(one, name, depth + 1, sparing=sparing) for one in schema["prefixItems"]
            ]
        items = schema.get("items")
        if not items or depth > _DEEPEST or schema.get("maxItems") == 0:
            return []
        known = _BY_NAME.get(name)
        if isinstance(known, list):
            return known
        singular = name.removesuffix("s")
        count = max(1, schema.get("minItems", 1))
        return [self._make(items, singular, depth + 1, sparing=sparing) for _ in range(count)]

    def _resolved(self, schema: Schema) -> Schema:
        reference = schema.get("$ref")
        if reference is None:
            if list(schema.get("allOf", ())) and len(schema["allOf"]) == 1:
                return {**self._resolved(schema["allOf"][0]), **schema, "allOf": ()}
            return schema
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return {**self._schemas[reference.rpartition("/")[2]], **beside}


def _with_words_of(model: str, members: Mapping[str, Schema]) -> dict[str, Schema]:
    words: dict[str, Any] = {}
    for part, said in _BY_MODEL.items():
        if part in model:
            words |= said
    return {
        name: {**member, "x-words": words[name]}
        if name in words and "examples" not in member and _is_plain(member)
        else member
        for name, member in members.items()
    }


def _is_plain(member: Schema) -> bool:
    return member.get("type") == "string" and not member.keys() & {"enum", "const", "pattern"}


def _plain(schema: Schema, name: str) -> Any:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "string" in kinds:
        return _text(schema, name)
    if "integer" in kinds or "number" in kinds:
        return _number(schema, name)
    if "boolean" in kinds:
        return bool(schema.get("default", True))
    if "null" in kinds:
        return None
    return {}


def _text(schema: Schema, name: str) -> str:
    by_format = _BY_FORMAT.get(schema.get("format", ""))
    if by_format is not None:
        return by_format
    found = _named(name)
    text = found if isinstance(found, str) else str(schema.get("default") or name or "text")
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if len(text) < least:
        text = text.ljust(least, "x")
    return text if most is None or len(text) <= most else text[:most]


def _number(schema: Schema, name: str) -> int | float:
    found = _named(name)
    number: int | float = schema.get("default") or (found if isinstance(found, int) else 1)
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum")
    if least is not None and number < least:
        number = least
    return number if most is None or number <= most else most


def _named(name: str) -> Any:
    while name:
        if name in _BY_NAME:
            return _BY_NAME[name]
        _, _, name = name.partition("_")
    return None
