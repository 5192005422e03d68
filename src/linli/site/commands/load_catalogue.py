"""`linli load-catalogue`: what a district begins with."""

from __future__ import annotations

from typing import Any

from ..cli import UserError
from ..start import start_django


def run(args: Any) -> int:  # noqa: ARG001 - every command is called with its arguments
    """Load categories, dispatch rules and time limits; what stands already stays as it is."""
    start_django()
    from django.utils import timezone

    from linli.base.areas.models import Area
    from linli.work.cases.actions import load_catalogue
    from linli.work.cases.models import Category

    district = Area.objects.filter(level="district", valid_to=None).first()
    if district is None:
        raise UserError("no district stands yet: run linli import-divisions FILE.csv first")
    before = Category.objects.count()
    load_catalogue(district=district, valid_from=timezone.localdate())
    print(f"{Category.objects.count() - before} categories added, {before} kept")
    return 0
