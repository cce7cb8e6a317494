"""Everything by which people prove who they are, put together."""

from __future__ import annotations

import time
from dataclasses import dataclass

from gateway.admin_ports import AuditLog, Mailer
from gateway.bus import Bus
from gateway.config import GatewayConfig
from gateway.credentials.password_rules import PasswordRules
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.email_change.api import EmailChangeApi
from gateway.features.email_change.service import EmailChangeService
from gateway.features.invitations.api import InvitationsApi
from gateway.features.invitations.service import InvitationsService, Terms
from gateway.features.login.api import LoginApi
from gateway.features.login.keeper import FRESH, SessionKeeper
from gateway.features.login.service import LoginService
from gateway.features.passkeys.api import PasskeysApi
from gateway.features.passkeys.ceremony import Ceremony
from gateway.features.passkeys.service import PasskeysService
from gateway.features.passwords.api import PasswordsApi
from gateway.features.passwords.letters import AccountLetterService
from gateway.features.passwords.service import PasswordsService
from gateway.features.second_factor.api import SecondFactorApi
from gateway.features.second_factor.service import SecondFactorService
from gateway.features.sessions.api import SessionsApi
from gateway.features.sessions.service import SessionsService
from gateway.features.sign_in_policy.api import SignInPolicyApi
from gateway.features.sign_in_policy.service import SignInPolicyService
from gateway.sign_in_ports import DirectorySignIn, NoDirectory
from gateway.storage.storage import Storage
from gateway.throttle import ProofThrottle


@dataclass(frozen=True, slots=True)
class SignIn:
    """``letters.run()`` is started by main."""

    sessions: SessionKeeper
    login: LoginService
    letters: AccountLetterService
    throttle: ProofThrottle
    apis: tuple[object, ...]


def build_sign_in(
    config: GatewayConfig,
    storage: Storage,
    secrets: Secrets,
    passwords: Passwords,
    bus: Bus,
    audit: AuditLog,
    mailer: Mailer,
    directory: DirectorySignIn | None = None,
) -> SignIn:
    auth, clock = config.auth, time.monotonic
    directory = directory or NoDirectory()
    rules = PasswordRules(auth.breached_passwords)
    throttle = ProofThrottle(storage)
    sessions = SessionKeeper(storage, secrets, bus, auth, monotonic=clock)
    second = SecondFactorService(storage, secrets, audit, mailer, throttle, sessions, auth.issuer)
    login = LoginService(
        storage, passwords, sessions, second, directory, throttle, auth, monotonic=clock
    )
    ceremony = Ceremony(secrets, config.public_url, config.allowed_origins, auth.issuer)
    passkeys = PasskeysService(
        storage, ceremony, sessions, audit, mailer, auth.logins_per_ip, monotonic=clock
    )
    letters = AccountLetterService(storage, mailer, monotonic=clock)
    changes = PasswordsService(
        storage, passwords, rules, sessions, audit, mailer, throttle, auth, monotonic=clock
    )
    own = SessionsService(
        storage, sessions, passwords, second, passkeys, directory, throttle, FRESH
    )
    terms = Terms(config.terms.version, config.terms.url)
    invitations = InvitationsService(
        storage, passwords, rules, passkeys, sessions, audit, terms, auth, monotonic=clock
    )
    address = EmailChangeService(storage, secrets, audit, mailer, monotonic=clock)
    return SignIn(
        sessions,
        login,
        letters,
        throttle,
        apis=(
            LoginApi(login, sessions),
            SecondFactorApi(second),
            PasskeysApi(passkeys),
            PasswordsApi(changes, letters),
            InvitationsApi(invitations),
            EmailChangeApi(address),
            SessionsApi(own),
            SignInPolicyApi(SignInPolicyService(storage, audit)),
        ),
    )
