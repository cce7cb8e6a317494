"""The resources that are served: what of RFC 7643 is kept here, and nothing that would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, PrivateAttr
from scim2_models import (
    URN,
    AnyExtension,
    AuthenticationScheme,
    CaseExact,
    ComplexAttribute,
    Extension,
    ListResponse,
    Mutability,
    PatchOp,
    Reference,
    Required,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Uniqueness,
)
from scim2_models.resources.service_provider_config import (
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Patch,
    Sort,
)

MAX_RESULTS = 200

#: As Microsoft Entra and Okta speak: what nobody here keeps is ignored, members to remove come as
#: values, and an address of a type that is not there yet is made.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


class Name(ComplexAttribute):
    family_name: Annotated[str | None, Field(max_length=100)] = None
    given_name: Annotated[str | None, Field(max_length=100)] = None


class Email(ComplexAttribute):
    value: Annotated[str | None, Field(max_length=254)] = None
    type: Annotated[str | None, Field(max_length=40)] = None
    primary: bool | None = None


class UserGroup(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference[Group] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class EnterpriseUser(Extension):
    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    department: Annotated[str | None, Field(max_length=100)] = None


class User(Resource[AnyExtension]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true, Field(max_length=254)] = None
    name: Name | None = None
    display_name: Annotated[str | None, Field(max_length=200)] = None
    preferred_language: Annotated[str | None, Field(max_length=40)] = None
    active: bool | None = None
    emails: Annotated[list[Email] | None, Field(max_length=10)] = None
    groups: Annotated[list[UserGroup] | None, Mutability.read_only] = None


class GroupMember(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true, Field(max_length=36)] = None
    ref: Annotated[Reference[User[Any]] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class Group(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Field(max_length=200)] = None
    members: Annotated[list[GroupMember] | None, Field(max_length=20_000)] = None
    #: Of what is answered: objects of twenty thousand members would take a second.
    _answered: list[dict[str, str]] = PrivateAttr(default_factory=list)

    def set_member_ids(self, user_ids: Sequence[str], base_url: str) -> None:
        self._answered = [{"value": one, "$ref": base_url + one} for one in user_ids]

    @property
    def answered_members(self) -> list[dict[str, str]]:
        return self._answered


FullUser = User[EnterpriseUser]

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MAX_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=False),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="API key",
            description="An API key with the scope scim, as bearer token",
            primary=True,
        )
    ],
)

PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[
        ResourceType.from_resource(FullUser),
        ResourceType.from_resource(Group),
    ],
    config=CONFIG,
    policy=POLICY,
)


@dataclass(frozen=True, slots=True)
class Forms:
    """The messages about one kind of resource, made once: the library reads sources for that."""

    model: Any
    page: Any
    patch: Any
    shape: Any
    filter: Any


# Each in a line of its own: pydantic looks at the line that makes a model.
_USER_PAGE = ListResponse[FullUser]
_USER_PATCH = PatchOp[FullUser]
_USER_SHAPE = ResponseParameters[FullUser]
_USER_FILTER = ScimFilter[FullUser]
_GROUP_PAGE = ListResponse[Group]
_GROUP_PATCH = PatchOp[Group]
_GROUP_SHAPE = ResponseParameters[Group]
_GROUP_FILTER = ScimFilter[Group]
USERS = Forms(FullUser, _USER_PAGE, _USER_PATCH, _USER_SHAPE, _USER_FILTER)
GROUPS = Forms(Group, _GROUP_PAGE, _GROUP_PATCH, _GROUP_SHAPE, _GROUP_FILTER)
