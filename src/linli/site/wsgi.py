"""The WSGI application that granian serves."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
application = get_wsgi_application()


def _warm() -> None:
    from linli.kernel.search import warm

    warm()


Thread(target=_warm, daemon=True, name="warm").start()
