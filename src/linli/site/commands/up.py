"""`linli up`: everything under one command."""

from __future__ import annotations

import os
import socket
import sys
import time
from contextlib import closing
from importlib import import_module
from typing import Any

from .. import env, postgres
from ..cli import UserError
from ..start import start_django
from ..supervisor import Supervisor


def run(args: Any) -> int:
    """Start database, web workers, job workers and scheduler; stop them all on Ctrl-C."""
    _check_port(args.host, args.port)
    with _only_one():
        began = time.monotonic()
        start_django()
        _prepare()
        supervisor = Supervisor(_children(args), tend=_keep_database)
        supervisor.start()
        try:
            if not supervisor.wait_until_ready(f"http://{_reach(args.host)}:{args.port}/healthz"):
                raise UserError("the web workers did not get ready; see the lines above")
            _announce(args, time.monotonic() - began)
            supervisor.watch()
        finally:
            supervisor.stop()
            _stop_database()
    return 0


def _reach(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104


def _check_port(host: str, port: int) -> None:
    if not 0 < port < 65536:
        raise UserError(f"{port} is no port; choose one from 1 to 65535 with --port")
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(f"port {port} is in use; choose another with --port") from error


def _only_one() -> Any:
    import fasteners

    env.home().mkdir(parents=True, exist_ok=True)
    lock = fasteners.InterProcessLock(str(env.home() / "up.lock"))
    if not lock.acquire(blocking=False):
        raise UserError(f"linli is running already on {env.home()}")

    class Held:
        def __enter__(self) -> None:
            return None

        def __exit__(self, *_: object) -> None:
            lock.release()

    return Held()


def _prepare() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from linli.kernel.secrets.keys import KeyProblem
    from linli.kernel.secrets.reindexing import agree

    from ..static import collect

    call_command("migrate", interactive=False, verbosity=0)
    collect()
    try:
        agree(now=timezone.now())
    except KeyProblem as error:
        raise UserError(str(error)) from error
    connection.close()


def _children(args: Any) -> dict[str, list[str]]:
    python = sys.executable
    os.environ["LINLI_DB_POOL"] = "1"
    web = [
        python, "-m", "granian", "--interface", "wsgi", "--host", args.host,
        "--port", str(args.port), "--workers", str(args.workers),
        "--blocking-threads", "8", "--backpressure", "64", "--no-ws",
        "--log-level", "warning", "--respawn-failed-workers", "linli.site.wsgi:application",
    ]  # fmt: skip
    jobs = [python, "-m", "linli.site.worker"]
    return {"web": web, "jobs": jobs}


def _announce(args: Any, seconds: float) -> None:
    address = f"http://{_reach(args.host)}:{args.port}"
    lines = [
        "",
        f"Linli is ready after {seconds:.1f} s",
        f"  residents   {address}/",
        f"  staff       {address}/staff/login/",
    ]
    if os.environ.get("LINLI_DEMO") == "1":
        lines += _demo_lines(address)
    lines += ["", "Ctrl-C stops everything."]
    print("\n".join(lines), flush=True)


def _demo_lines(address: str) -> list[str]:
    from django.conf import settings

    logins = import_module("linli.base.accounts.demo").DEMO_LOGINS

    lines = [f"  messages    {address}/demo/messages/", "", "Log-ins (invented people):"]
    lines += [
        f"  {login.username:<12} {login.password:<18} {login.role:<24} {login.can}"
        for login in logins
    ]
    lines.append("  residents    any phone 1900000xxxx; the page shows the code")
    if not settings.STAFF_SECOND_FACTOR:
        lines += [
            "",
            "!!! The second factor of staff is OFF in this demonstration.",
            "!!! Set LINLI_DEMO_NO_SECOND_FACTOR=0 to see it; real use cannot switch it off.",
        ]
    return lines


def _keep_database() -> None:
    """Start the embedded server again where it died; it recovers what was committed."""
    folder = env.home() / "pg"
    if os.environ.get("LINLI_EMBEDDED") == "1" and not postgres.runs(folder):
        sys.stderr.write("the database ended; starting it again\n")
        try:
            postgres.start(folder)
        except RuntimeError as error:
            sys.stderr.write(f"{error}; trying again\n")


def _stop_database() -> None:
    if os.environ.get("LINLI_EMBEDDED") == "1":
        postgres.stop(env.home() / "pg")
