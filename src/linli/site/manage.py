"""Django's own commands: `python -m linli.site.manage COMMAND`."""

import os
import sys

from . import databases


def main() -> None:
    """Run a Django command against the project's database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    databases.prepare()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
