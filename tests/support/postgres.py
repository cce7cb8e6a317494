"""A PostgreSQL server of the tests' own: Debian's, in a directory under tmp, on a socket there.

One for each process of tests, started when the first test asks. It does not sync to disk
(``fsync=off``): that tests of power cuts would need, and none of ours does.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

ROOT = Path(__file__).resolve().parents[2]
SET_UP = ROOT / "infra/postgresql/set-up.sql"
OWNER_PASSWORD, APP_PASSWORD, ADMIN_PASSWORD = "owner-secret", "app-secret", "admin-secret"
PATIENCE_S = 30.0
#: Databases of ended tests that stay: the next ones still look at a restarted gateway's.
KEPT = 4


@dataclass(frozen=True)
class Database:
    name: str
    folder: Path

    def url(self, role: str = "offhook") -> str:
        passwords = {"offhook": APP_PASSWORD, "offhook_owner": OWNER_PASSWORD}
        password = passwords.get(role, ADMIN_PASSWORD)
        return f"postgresql://{role}:{password}@/{self.name}?host={self.folder}"

    @property
    def owner_url(self) -> str:
        return self.url("offhook_owner")

    @property
    def admin_url(self) -> str:
        return self.url("postgres")


def programs() -> Path:
    """Debian keeps them apart by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    assert found, "PostgreSQL is missing: apt-get install postgresql"
    return found[-1]


class Server:
    """Its superuser makes databases; the roles are those of ``infra/postgresql/set-up.sql``."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="offhook-pg-"))
        self._programs = programs()
        self._made: list[str] = []
        self._count = 0
        # It refuses to run as root, and tests do: then it is whom the package made for it.
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user)
        self._process = self._start()
        atexit.register(self.stop)
        self._set_up()

    def _as_user(self, *argv: str | Path) -> list[str]:
        if os.geteuid() != 0:
            return [str(part) for part in argv]
        who = pwd.getpwnam(self._user)
        drop = ("setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups")
        return [*drop, *(str(part) for part in argv)]

    def _start(self) -> subprocess.Popen[bytes]:
        secret = self.folder / "admin"
        secret.write_text(ADMIN_PASSWORD)
        if os.geteuid() == 0:
            shutil.chown(secret, self._user)
        subprocess.run(
            self._as_user(
                self._programs / "initdb",
                *("-D", self.folder / "data", "-U", "postgres", "--no-sync", "--no-instructions"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
                *("--auth=scram-sha-256", f"--pwfile={secret}"),
            ),
            check=True,
            capture_output=True,
            cwd="/",
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "log_min_messages": "error",
        }
        options = [f"-c{name}={value}" for name, value in settings.items()]
        # The kernel ends it with this process, whatever ends that.
        deadly = () if os.geteuid() != 0 else ("setpriv", "--pdeathsig=QUIT", "--")
        log = (self.folder / "log").open("wb")
        return subprocess.Popen(
            self._as_user(
                *deadly, self._programs / "postgres", "-D", self.folder / "data", *options
            ),
            stdout=log,
            stderr=log,
            cwd="/",
        )

    def psql(self, *argv: str, database: str = "postgres", **variables: str) -> str:
        env = {"PGPASSWORD": ADMIN_PASSWORD, "PATH": os.environ["PATH"], **variables}
        done = subprocess.run(
            [
                self._programs / "psql",
                *("-X", "-q", "-h", str(self.folder), "-U", "postgres", "-d", database),
                *argv,
            ],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _set_up(self) -> None:
        ready = [self._programs / "pg_isready", "-q", "-h", str(self.folder)]
        until = time.monotonic() + PATIENCE_S
        while subprocess.run(ready, check=False).returncode != 0:
            log = (self.folder / "log").read_text(errors="replace")
            assert self._process.poll() is None and time.monotonic() < until, log
            time.sleep(0.02)
        self.psql(
            *("-f", str(SET_UP)),
            OFFHOOK_OWNER_PASSWORD=OWNER_PASSWORD,
            OFFHOOK_APP_PASSWORD=APP_PASSWORD,
        )

    def database(self, name: str) -> Database:
        return Database(name, self.folder)

    async def create(self, template: str = "offhook", name: str | None = None) -> Database:
        """A copy of ``template``; without a name it is a test's, and goes when others come."""
        self._count += 1
        made = self.database(name or f"test_{self._count}")
        admin = await asyncpg.connect(self.database("postgres").admin_url)
        try:
            for old in self._made[:-KEPT]:
                await admin.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
                self._made.remove(old)
            await admin.execute(
                f'CREATE DATABASE "{made.name}" TEMPLATE "{template}" OWNER offhook_owner'
            )
        finally:
            await admin.close()
        if name is None:
            self._made.append(made.name)
        return made

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)  # at once: nothing is kept
            self._process.wait(PATIENCE_S)
        shutil.rmtree(self.folder, ignore_errors=True)


_server: Server | None = None


def server() -> Server:
    """The one of this process. It ends with the thread that started it, so ask in the main one."""
    global _server
    if _server is None:
        _server = Server()
    return _server
