"""What the published document tells of each operation, and that its examples are true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gateway.http.endpoint import API_PREFIX, Access, Endpoint, endpoints_of
from gateway.http.openapi import APIS
from gateway.permissions import KEY_SCOPES, PERMISSIONS, Role
from gateway.ports import Problem
from gateway.realtime.verbs import VERBS

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[4] / "docs" / "openapi.json").read_text()
)
ENDPOINTS: dict[str, Endpoint] = {
    f"{one.method} {API_PREFIX}{one.path}": one for api in APIS for one in endpoints_of(api)
}
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
HOOKS = {name: methods["post"] for name, methods in DOCUMENT["webhooks"].items()}
#: As the codes of problems are written: they are for programs.
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def fits(example: Any, schema: dict[str, Any]) -> str:
    """What is wrong with it, or nothing."""
    whole = {**schema, "components": DOCUMENT["components"]}
    kind = jsonschema.validators.validator_for(whole, jsonschema.Draft202012Validator)
    checker = kind(whole, format_checker=jsonschema.FormatChecker())
    return "; ".join(f"{list(e.path)}: {e.message}" for e in checker.iter_errors(example))[:500]


def test_every_operation_is_told_of() -> None:
    assert set(OPERATIONS) == set(ENDPOINTS)
    for name, operation in OPERATIONS.items():
        assert operation["summary"].isprintable() and len(operation["summary"]) >= 4, name
        assert operation["summary"][0].isupper() and not operation["summary"].endswith("."), name
        assert operation["description"].startswith("For "), name
        assert operation["tags"], name


def test_who_may_is_said_in_words() -> None:
    roles = {Role.ADMIN: "administrators", Role.HELP_DESK: "the help desk"}
    for name, declared in ENDPOINTS.items():
        words, permission = OPERATIONS[name]["description"], declared.permission
        if permission is None:
            assert (words == "For anybody, without signing in.") == (
                declared.access is Access.PUBLIC
            ), name
            continue
        assert f"`{permission.value}`" in words, name
        assert ("API keys" in words) == (permission in KEY_SCOPES), name
        for role, word in roles.items():
            assert (word in words) == (permission in PERMISSIONS[role]), (name, word)
        assert ("proof" in words) == declared.fresh, name


def test_every_problem_has_stable_codes() -> None:
    for name, operation in OPERATIONS.items():
        problems = {
            status: answer
            for status, answer in operation["responses"].items()
            if status.startswith(("4", "5"))
        }
        needs_none = ENDPOINTS[name].access is Access.PUBLIC and name.startswith("GET ")
        assert problems or needs_none, name
        for status, answer in problems.items():
            codes = answer["description"].removeprefix("code: ").split(", ")
            assert codes and all(CODE.fullmatch(code) for code in codes), (name, status)
            media = answer["content"]["application/problem+json"]
            problem = Problem(int(status), codes[0], "It cannot be done").to_json()
            assert fits(problem, media["schema"]) == "", (name, status)


def example_of(media: dict[str, Any]) -> Any:
    """Its own, or that of the schema it names."""
    if "example" in media:
        return media["example"]
    name = media["schema"]["$ref"].rpartition("/")[2]
    return DOCUMENT["components"]["schemas"][name]["examples"][0]


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON body that is sent or answered."""
    for name, operation in {**OPERATIONS, **HOOKS}.items():
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [answer.get("content", {}) for answer in operation["responses"].values()]
        for content in contents:
            if "application/json" in content:
                yield name, content["application/json"]


def test_every_body_has_an_example_that_fits() -> None:
    found = list(bodies())
    assert len(found) > 250
    wrong = [
        f"{name}: {fits(example_of(media), media['schema'])}"
        for name, media in found
        if fits(example_of(media), media["schema"])
    ]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(ENDPOINTS))
def test_the_examples_request_is_taken_by_its_model(name: str) -> None:
    declared, operation = ENDPOINTS[name], OPERATIONS[name]
    if declared.body is not None:
        media = operation["requestBody"]["content"]["application/json"]
        declared.body.model_validate(example_of(media))
        if declared.body.model_fields:
            assert example_of(media), "it shows nothing"
    if declared.query is not None:
        asked = {
            one["name"]: one["example"]
            for one in operation.get("parameters", ())
            if one["in"] == "query" and "example" in one
        }
        declared.query.model_validate(asked)
    for one in operation.get("parameters", ()):
        assert "example" in one or one["in"] == "header" or not one["required"], one["name"]


def test_an_example_that_does_not_fit_is_noticed() -> None:
    person = OPERATIONS["GET /api/v1/admin/people/{id}"]["responses"]["200"]
    media = person["content"]["application/json"]
    example = dict(example_of(media))
    assert "is not of type" in fits({**example, "version": "one"}, media["schema"])
    del example["version"]
    assert "is a required property" in fits(example, media["schema"])


ROOT = Path(__file__).parents[4]
PAGES = ("docs/api.md", "docs/examples/python/README.md", "CHANGELOG.md", "README.md")
GUIDES = tuple(
    str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs" / "guides").glob("*.md"))
)
#: Addresses that are none of the document: other doors, files, examples of what may come.
OTHER = re.compile(
    r"/(phone|scim/v2|healthz|readyz|metrics|openapi\.json|etc/|api/docs|api/v[12]$)"
)


def nameless(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1"))


@pytest.mark.parametrize("page", [*PAGES, *GUIDES])
def test_the_pages_name_operations_that_there_are(page: str) -> None:
    known: dict[str, set[str]] = {}
    for name in OPERATIONS:
        method, path = name.split(" ")
        known.setdefault(nameless(path), set()).add(method)
    said = re.compile(r"`(?:(GET|POST|PUT|PATCH|DELETE)\s+)?((?:/api/v1)?/[a-z][\w\-/{}.]*)")
    for verb, path in said.findall((ROOT / page).read_text()):
        there = nameless(path).rstrip("./")
        if OTHER.match(there):
            continue
        assert there in known or any(one.startswith(f"{there}/") for one in known), path
        assert not verb or there not in known or verb in known[there], f"{verb} {path}"


def test_the_page_about_the_api_lists_no_code_that_nobody_says() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    table = page.split("| status | codes |\n|---|---|\n", 1)[1].split("\n\n", 1)[0]
    source = "".join(file.read_text() for file in (ROOT / "gateway").rglob("*.py"))
    assert [code for code in re.findall(r"`(\w+)`", table) if f'"{code}"' not in source] == []


def test_the_page_about_the_api_has_every_event_and_verb() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    table = page.split("| event | payload |\n|---|---|\n", 1)[1].split("\n\n", 1)[0]
    told = {
        name for row in table.splitlines() for name in re.findall(r"`(.+?)`", row.split("|")[1])
    }
    assert told == set(DOCUMENT["components"]["schemas"]["ServerEvents"]["properties"])
    verbs = page.split("Verbs: `", 1)[1].split("`", 1)[0].split()
    assert set(verbs) | {"pickup", "unpark"} == set(VERBS)
