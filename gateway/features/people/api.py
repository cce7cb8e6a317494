"""/admin/people, and /provisioning/users for a PBX's own management."""

from __future__ import annotations

from gateway.features.people.care import PeopleCare
from gateway.features.people.inviting import Inviting
from gateway.features.people.models import (
    AdminPeopleQuery,
    AdminPersonView,
    ByEmail,
    InviteMany,
    InvitingView,
    Leave,
    LeaverView,
    NewPerson,
    PeopleFileQuery,
    PeoplePage,
    PersonShape,
    Provisioned,
    ProvisionedUser,
    Reason,
    Sent,
)
from gateway.features.people.reading import PeopleReader
from gateway.http.endpoint import Download, Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.permissions import Permission
from gateway.ports import Authenticator, Problem
from gateway.storage.folding import same_address

_UNKNOWN = (404, "person_unknown")
_STEP_UP = (403, "step_up_required")  # where the role changes, or whose mailbox opens an account
_LAST_ADMIN = (409, "last_admin")
#: What a person cannot be; 422 for values, 409 for what somebody else has.
_FAULTS = (
    (402, "licences_used_up"),
    (409, "email_taken"),
    (409, "number_taken"),
    (409, "external_id_taken"),
    (422, "email_invalid"),
    (422, "email_missing"),
    (422, "name_invalid"),
    (422, "name_missing"),
    (422, "too_long"),
    (422, "department_invalid"),
    (422, "external_id_invalid"),
    (422, "role_unknown"),
    (422, "language_unknown"),
    (422, "site_unknown"),
    (422, "number_missing"),
    (422, "number_invalid"),
    (422, "desk_number_invalid"),
    (422, "device_id_invalid"),
    (422, "mailbox_number_invalid"),
    (422, "auth_user_invalid"),
    (422, "auth_password_invalid"),
)
_LETTERS = (
    _UNKNOWN,
    (409, "already_active"),
    (409, "person_disabled"),
    (409, "managed_elsewhere"),
)


class PeopleApi:
    def __init__(
        self, care: PeopleCare, inviting: Inviting, reader: PeopleReader, proofs: Authenticator
    ) -> None:
        self._care = care
        self._inviting = inviting
        self._reader = reader
        self._proofs = proofs

    async def _prove_for_role(self, exchange: Exchange, before: str, after: str) -> None:
        """Whoever finds a device open must not make an administrator of themselves."""
        if before != after and exchange.principal.kind == "user":
            await self._proofs.require_fresh(exchange.actor)

    async def _prove_for_address(
        self, exchange: Exchange, known: AdminPersonView, email: str
    ) -> None:
        """Whoever reads an account's mailbox can choose its password."""
        who = exchange.principal
        if who.kind != "user" or (known.role == "user" and known.id != who.id):
            return
        if not same_address(known.email, email):
            await self._proofs.require_fresh(exchange.actor)

    @endpoint(
        "GET",
        "/admin/people",
        "The people of the tenant: searched, filtered, sorted",
        permission=Permission.PEOPLE_READ,
        query=AdminPeopleQuery,
        reply=PeoplePage,
        problems=((422, "bad_cursor"),),
    )
    async def page(self, exchange: Exchange) -> PeoplePage:
        return await self._reader.page(
            exchange.principal.tenant_id, exchange.query(AdminPeopleQuery)
        )

    @endpoint(
        "GET",
        "/admin/people.csv",
        "The same as a file for spreadsheets; it can be imported again",
        permission=Permission.PEOPLE_READ,
        query=PeopleFileQuery,
        file_type="text/csv",
        problems=((422, "bad_time_zone"),),
    )
    async def export(self, exchange: Exchange) -> Download:
        query = exchange.query(PeopleFileQuery)
        await self._care.exported(exchange.principal)
        return Download("people.csv", self._reader.file(exchange.principal.tenant_id, query))

    @endpoint(
        "POST",
        "/admin/people",
        "Create somebody, and invite them if you like",
        permission=Permission.PEOPLE_WRITE,
        body=NewPerson,
        reply=AdminPersonView,
        status=201,
        idempotent=True,
        problems=(_STEP_UP, *_FAULTS),
    )
    async def create(self, exchange: Exchange) -> Reply:
        new = exchange.body(NewPerson)
        await self._prove_for_role(exchange, "user", new.role)
        view = await self._care.create(exchange.principal, new)
        return Reply(view, 201, {"ETag": f'"{view.version}"'})

    @endpoint(
        "POST",
        "/admin/people/invite",
        "Invite many in the background: those you name, or all who have no invitation yet",
        permission=Permission.PEOPLE_INVITE,
        body=InviteMany,
        reply=InvitingView,
        status=202,
        idempotent=True,
    )
    async def invite_many(self, exchange: Exchange) -> InvitingView:
        return await self._inviting.start(exchange.principal, exchange.body(InviteMany))

    @endpoint(
        "GET",
        "/admin/people/invite",
        "How far the invitations of many are: those that go on, or else those that ended last",
        permission=Permission.PEOPLE_INVITE,
        reply=InvitingView,
    )
    async def inviting(self, exchange: Exchange) -> InvitingView:
        return await self._inviting.show(exchange.principal.tenant_id)

    @endpoint(
        "DELETE",
        "/admin/people/invite",
        "Invite no more of the many; letters that are written leave all the same",
        permission=Permission.PEOPLE_INVITE,
        reply=InvitingView,
    )
    async def stop_inviting(self, exchange: Exchange) -> InvitingView:
        return await self._inviting.stop(exchange.principal)

    @endpoint(
        "GET",
        "/admin/people/{id}",
        "One person, with an ETag",
        permission=Permission.PEOPLE_READ,
        reply=AdminPersonView,
        problems=(_UNKNOWN,),
    )
    async def one(self, exchange: Exchange) -> Reply:
        view = await self._reader.one(exchange.principal.tenant_id, exchange.params["id"])
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/people/{id}",
        "Change somebody: what you leave out is emptied, save the PBX password",
        permission=Permission.PEOPLE_WRITE,
        body=PersonShape,
        reply=AdminPersonView,
        headers=(IF_MATCH,),
        problems=(_STEP_UP, _UNKNOWN, _LAST_ADMIN, *IF_MATCH_PROBLEMS, *_FAULTS),
    )
    async def change(self, exchange: Exchange) -> Reply:
        version, person_id = if_match(exchange), exchange.params["id"]
        wanted = exchange.body(PersonShape)
        known = await self._reader.one(exchange.principal.tenant_id, person_id)
        await self._prove_for_role(exchange, known.role, wanted.role)
        await self._prove_for_address(exchange, known, wanted.email)
        view = await self._care.change(exchange.principal, person_id, wanted, version)
        return with_etag(view, view.version)

    @endpoint(
        "DELETE",
        "/admin/people/{id}",
        "Erase somebody with all that is kept of them",
        permission=Permission.PEOPLE_ERASE,
        fresh=True,
        body=Reason,
        problems=(_UNKNOWN, _LAST_ADMIN),
    )
    async def erase(self, exchange: Exchange) -> None:
        why = exchange.body(Reason).why
        await self._care.erase(exchange.principal, exchange.params["id"], why)

    @endpoint(
        "POST",
        "/admin/people/{id}/disable",
        "Shut somebody out, at once and everywhere",
        permission=Permission.PEOPLE_WRITE,
        body=Reason,
        reply=AdminPersonView,
        problems=(_UNKNOWN, _LAST_ADMIN),
    )
    async def disable(self, exchange: Exchange) -> AdminPersonView:
        why = exchange.body(Reason).why
        return await self._care.set_disabled(exchange.principal, exchange.params["id"], True, why)

    @endpoint(
        "POST",
        "/admin/people/{id}/enable",
        "Let somebody in again",
        permission=Permission.PEOPLE_WRITE,
        reply=AdminPersonView,
        problems=(_UNKNOWN, (402, "licences_used_up")),
    )
    async def enable(self, exchange: Exchange) -> AdminPersonView:
        return await self._care.set_disabled(exchange.principal, exchange.params["id"], False, "")

    @endpoint(
        "POST",
        "/admin/people/{id}/sign-out",
        "End all sessions of somebody",
        permission=Permission.SESSIONS_END,
        problems=(_UNKNOWN,),
    )
    async def sign_out(self, exchange: Exchange) -> None:
        await self._care.sign_out(exchange.principal, exchange.params["id"])

    @endpoint(
        "POST",
        "/admin/people/{id}/remove-second-factor",
        "Take away the second factor and passkeys that somebody has lost; ends all sessions",
        permission=Permission.SECOND_FACTOR_RESET,
        fresh=True,
        body=Reason,
        problems=(_UNKNOWN, (409, "no_second_factor"), (409, "own_account")),
    )
    async def remove_second_factor(self, exchange: Exchange) -> None:
        why = exchange.body(Reason).why
        await self._care.remove_second_factor(exchange.principal, exchange.params["id"], why)

    @endpoint(
        "POST",
        "/admin/people/{id}/invite",
        "Send the invitation, or send it again: links of before end",
        permission=Permission.PEOPLE_INVITE,
        reply=Sent,
        problems=_LETTERS,
    )
    async def invite(self, exchange: Exchange) -> Sent:
        return await self._care.invite(exchange.principal, exchange.params["id"])

    @endpoint(
        "DELETE",
        "/admin/people/{id}/invite",
        "Withdraw the invitation",
        permission=Permission.PEOPLE_INVITE,
        problems=(_UNKNOWN, (409, "no_invitation")),
    )
    async def withdraw(self, exchange: Exchange) -> None:
        await self._care.withdraw(exchange.principal, exchange.params["id"])

    @endpoint(
        "POST",
        "/admin/people/{id}/reset-password",
        "Send a link to choose a new password",
        permission=Permission.PEOPLE_INVITE,
        reply=Sent,
        problems=(_UNKNOWN, (409, "managed_elsewhere"), (409, "person_disabled")),
    )
    async def reset_password(self, exchange: Exchange) -> Sent:
        return await self._care.reset_password(exchange.principal, exchange.params["id"])

    @endpoint(
        "GET",
        "/admin/people/{id}/leaver",
        "What is kept of somebody, before they leave",
        permission=Permission.PEOPLE_READ,
        reply=LeaverView,
        problems=(_UNKNOWN,),
    )
    async def leaver(self, exchange: Exchange) -> LeaverView:
        return await self._care.leaver(exchange.principal, exchange.params["id"])

    @endpoint(
        "POST",
        "/admin/people/{id}/leave",
        "Somebody leaves: the number to a colleague, then disabled or erased",
        permission=Permission.PEOPLE_WRITE,
        fresh=True,
        body=Leave,
        problems=(_UNKNOWN, _LAST_ADMIN, (409, "no_number"), (409, "has_a_number")),
    )
    async def leave(self, exchange: Exchange) -> None:
        await self._care.leave(exchange.principal, exchange.params["id"], exchange.body(Leave))

    @endpoint(
        "PUT",
        "/provisioning/users",
        "Create or change who has this address; what is left out stays",
        permission=Permission.PEOPLE_WRITE,
        body=ProvisionedUser,
        reply=Provisioned,
        problems=(
            _STEP_UP,
            _LAST_ADMIN,
            (409, "range_used_up"),
            (422, "site_missing"),
            (422, "template_unknown"),
            *_FAULTS,
        ),
    )
    async def provision(self, exchange: Exchange) -> Reply:
        wanted = exchange.body(ProvisionedUser)
        if wanted.template or "role" in wanted.model_fields_set:
            roles = await self._care.roles(exchange.principal, wanted)
            await self._prove_for_role(exchange, *roles)
        reply, created = await self._care.provision(exchange.principal, wanted)
        return Reply(reply, 201 if created else 200)

    @endpoint(
        "DELETE",
        "/provisioning/users",
        "Disable who has this address, and free the number",
        permission=Permission.PEOPLE_WRITE,
        query=ByEmail,
        problems=(_UNKNOWN, _LAST_ADMIN),
    )
    async def unprovision(self, exchange: Exchange) -> None:
        email = exchange.query(ByEmail).email
        if "\0" in email:
            raise Problem(404, "person_unknown", "There is no such person")
        await self._care.unprovision(exchange.principal, email)
