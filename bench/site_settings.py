"""The site's settings, with a list of addresses that may be replaced."""

import os

from linli.site.settings import *  # noqa: F403

ROOT_URLCONF = os.environ.get("LINLI_BENCH_URLS") or "linli.site.urls"
