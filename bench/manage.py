"""Django's commands on the database of DATABASE_URL: `python -m bench.manage COMMAND`."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
