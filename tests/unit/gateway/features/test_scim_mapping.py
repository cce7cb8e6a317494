"""Between a SCIM user and a person."""

from __future__ import annotations

from typing import Any

import pytest
from scim2_models import Context, PatchOp, SCIMException

from gateway.features.scim.mapping import email_of, kept, name_of, person_of, resource_of
from gateway.features.scim.resources import POLICY, FullUser
from gateway.storage.ids import new_id
from gateway.storage.models import User
from gateway.storage.tables.single_sign_on import ScimUser


def read(**values: Any) -> Any:
    body = {"schemas": [str(FullUser.__schema__)], "userName": "upn@corp.test", **values}
    return FullUser.model_validate(
        body, scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=POLICY
    )


@pytest.mark.parametrize(
    ("emails", "found"),
    [
        ([{"value": "a@x.test"}, {"value": "b@x.test", "primary": True}], "b@x.test"),
        (
            [{"value": "a@x.test", "type": "home"}, {"value": "b@x.test", "type": "work"}],
            "b@x.test",
        ),
        ([{"value": "a@x.test", "type": "other"}], "a@x.test"),
        ([], "upn@corp.test"),
    ],
)
def test_which_address_it_is(emails: list[dict[str, Any]], found: str) -> None:
    assert email_of(read(emails=emails)) == found


def test_a_name_that_is_no_address_needs_one() -> None:
    with pytest.raises(SCIMException, match="emails"):
        email_of(read(userName="jdoe"))


def test_which_name_it_is() -> None:
    parts = {"givenName": "Ada", "familyName": "Byron"}
    assert name_of(read(displayName="Countess", name=parts)) == "Countess"
    assert name_of(read(name=parts)) == "Ada Byron"
    assert name_of(read()) == "upn"


def test_what_was_changed_here_since_is_shown() -> None:
    said = read(displayName="Ada", emails=[{"value": "ada@x.test", "primary": True}])
    tenant, user_id = new_id(), new_id()
    row = ScimUser(tenant_id=tenant, user_id=user_id, user_name="upn@corp.test", data=kept(said))
    user = User(
        id=user_id,
        tenant_id=tenant,
        email="ada@x.test",
        name="Ada",
        search_name="",
        department="",
        external_id="e-1",
    )
    shown = resource_of(user, row)
    assert (shown.user_name, shown.display_name) == ("upn@corp.test", "Ada")
    assert (shown.active, shown.external_id) == (True, "e-1")
    user.name, user.email, user.disabled, user.department = "Ada B", "b@x.test", True, "Sales"
    shown = resource_of(user, row)
    assert (shown.display_name, shown.active) == ("Ada B", False)
    person = person_of(shown, None)
    assert (person.email, person.department) == ("b@x.test", "Sales")


@pytest.mark.parametrize(
    "operations",
    [
        [{"op": "Replace", "path": "active", "value": "False"}],
        [{"op": "replace", "value": {"active": False}}],
        [{"op": "Replace", "path": "active", "value": False}],
        [{"op": "replace", "value": {"active": "false", "title": "unknown here"}}],
    ],
)
def test_the_ways_to_say_that_somebody_left(operations: list[dict[str, Any]]) -> None:
    user = read(active=True)
    body = {"schemas": [str(PatchOp.__schema__)], "Operations": operations}
    patch = PatchOp[FullUser].model_validate(
        body, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=POLICY
    )
    patch.patch(user, POLICY)
    assert user.active is False
