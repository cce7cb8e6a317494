"""Between a SCIM user and a person here (pure)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from email_validator import EmailNotValidError, validate_email
from scim2_models import Context, InvalidValueException

from gateway.admin_ports import PersonData
from gateway.features.scim.resources import POLICY, Email, EnterpriseUser, FullUser
from gateway.storage.models import User
from gateway.storage.tables.single_sign_on import ScimUser

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "ca")
#: Kept elsewhere, or made at each answer.
_NOT_KEPT = {"id", "meta", "groups", "active", "schemas", "external_id"}


def email_of(resource: Any) -> str:
    """The primary address, else that of work, else the first, else the name itself if it is one."""
    emails = [email for email in resource.emails or [] if email.value]
    for wanted in (
        lambda email: email.primary,
        lambda email: email.type == "work",
        lambda _email: True,
    ):
        for email in emails:
            if wanted(email):
                return str(email.value)
    try:
        validate_email(resource.user_name, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise InvalidValueException(
            detail="emails is needed where userName is not an e-mail address"
        ) from None
    return str(resource.user_name)


def name_of(resource: Any) -> str:
    if resource.display_name and resource.display_name.strip():
        return str(resource.display_name).strip()
    parts = []
    if resource.name is not None:
        parts = [resource.name.given_name, resource.name.family_name]
    spelled = " ".join(part.strip() for part in parts if part and part.strip())
    return (spelled or email_of(resource).partition("@")[0])[:200]


def language_of(resource: Any) -> str:
    """``de-DE;q=0.8`` is ``de``; what is not spoken here is nothing."""
    first = (resource.preferred_language or "").strip().lower().replace("_", "-").split("-")[0]
    return first if first in LANGUAGES else ""


def department_of(resource: Any) -> str:
    extension = resource[EnterpriseUser]
    return "" if extension is None else (extension.department or "")


def person_of(resource: Any, before: PersonData | None) -> PersonData:
    """With everything that SCIM says nothing of as it was."""
    known = before or PersonData(email="", name="", source="scim")
    return replace(
        known,
        email=email_of(resource),
        name=name_of(resource),
        department=department_of(resource),
        language=language_of(resource) or ("" if before is None else before.language),
        external_id=resource.external_id,
    )


def kept(resource: Any) -> dict[str, Any]:
    """What is stored of it as it came."""
    data: dict[str, Any] = resource.model_dump(exclude=_NOT_KEPT)
    return data


def resource_of(user: User, row: ScimUser | None) -> Any:
    """As SCIM said it, brought up to date with what was changed here since."""
    if row is None:
        resource = FullUser(user_name=user.email)
    else:
        resource = FullUser.model_validate(row.data, scim_ctx=Context.DEFAULT, scim_policy=POLICY)
    if email_of(resource) != user.email or (row is None):
        resource.emails = [Email(value=user.email, type="work", primary=True)]
    if name_of(resource) != user.name:
        resource.display_name = user.name
    if department_of(resource) != user.department:
        resource[EnterpriseUser] = EnterpriseUser(department=user.department or None)
    if user.language and language_of(resource) != user.language:
        resource.preferred_language = user.language
    resource.id = user.id
    resource.external_id = user.external_id
    resource.active = not user.disabled
    return resource
