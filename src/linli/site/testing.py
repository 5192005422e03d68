"""A pytest plugin (`-p linli.site.testing`): prepare the database before Django reads settings."""

from __future__ import annotations

import os

from . import databases

os.environ["LINLI_TESTING"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
databases.prepare(testing=True)
