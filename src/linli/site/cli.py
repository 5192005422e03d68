"""The `linli` command. Nothing heavy is imported before a subcommand is chosen."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

EPILOG = """examples:
  linli demo                         load the demonstration district and start everything
  linli up --port 9000               start web, workers and scheduler on port 9000
  linli import-divisions areas.csv   import a district's own divisions
  linli ledger verify                prove that no entry of the ledger was changed
  linli backup linli.tar.gz          save database and uploaded files

Settings come from the environment; see docs/handbook. Without DATABASE_URL an embedded
PostgreSQL runs in LINLI_HOME (default: .linli beside the project)."""


class UserError(Exception):
    """Something the person at the keyboard can put right; shown as one line."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linli",
        description="Linli 邻里: the platform on which a city district runs its communities.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")

    up = command("up", "start database, web workers, job workers and scheduler")
    demo = command("demo", "load the demonstration district (once), then start as `up`")
    for sub in (up, demo):
        sub.add_argument("--host", default="127.0.0.1", help="address to listen on")
        sub.add_argument("--port", type=int, default=8000, help="port to listen on")
        sub.add_argument("--workers", type=int, default=2, help="web worker processes")
    demo.add_argument("--fresh", action="store_true", help="drop the demonstration and load anew")
    demo.add_argument("--yes", action="store_true", help="do not ask before dropping")
    demo.add_argument("--no-serve", action="store_true", help="load only, start nothing")
    command("migrate", "bring the database to this version")
    admin = command("createadmin", "make an administrator of the whole district")
    admin.add_argument("username", help="log-in name (work number)")
    admin.add_argument("--name", default="", help="name to show")
    admin.add_argument(
        "--role",
        default="system_admin",
        choices=["system_admin", "security_admin", "audit_admin"],
        help="three administrators are three people",
    )
    divisions = command("import-divisions", "import areas from a CSV with code, name, level")
    divisions.add_argument("file", metavar="FILE.csv")
    command("load-catalogue", "load categories, dispatch rules and time limits to begin with")
    boundaries = command("import-boundaries", "import boundaries from GeoJSON with property code")
    boundaries.add_argument("file", metavar="FILE.geojson")
    boundaries.add_argument("--crs", choices=["wgs84", "gcj02"], default="wgs84")
    ledger = command("ledger", "verify or seal the ledger")
    ledger.add_argument("act", choices=["verify", "seal"])
    ledger.add_argument("--expect", default="", help="digest of a seal noted down elsewhere")
    ring = command("keys", "show, rotate, re-seal or retire the keys for encryption at rest")
    ring.add_argument("act", choices=["status", "rotate", "reseal", "retire", "reindex"])
    ring.add_argument("name", nargs="?", default="", help="the key to retire")
    backup = command("backup", "save database and uploaded files into one archive")
    backup.add_argument("file", metavar="FILE.tar.gz")
    restore = command("restore", "replace database and files by an archive's")
    restore.add_argument("file", metavar="FILE.tar.gz")
    restore.add_argument("--yes", action="store_true", help="overwrite a database that has data")
    check = command("check", "check the installation")
    check.add_argument("--deploy", action="store_true", help="check for real use")
    manage = command("manage", "run one of Django's own commands")
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand and return the exit code: 0 done, 1 refused, 2 used wrongly."""
    args = _parser().parse_args(argv)
    module = import_module(f"linli.site.commands.{args.command.replace('-', '_')}")
    try:
        return int(module.run(args) or 0)
    except UserError as error:
        print(f"linli {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    # By its own name, so that the commands' UserError is the one that is caught here.
    from linli.site.cli import main as run

    sys.exit(run())
