"""The first administrators, made on the command line."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor

from ...areas.models import Area
from ..models import Account
from .grants import grant_role
from .people import create_staff


@transaction.atomic
def create_admin(
    *, actor: Actor, now: datetime, username: str, name: str, password: str, role: str
) -> Account:
    """Make an administrator of the whole district; used by `linli createadmin`."""
    district = Area.objects.filter(level="district", valid_to=None).order_by("code").first()
    if district is None:
        raise ValidationError(_("还没有区划数据，请先运行 linli import-divisions。"))
    account = create_staff(
        actor=actor, now=now, username=username, name=name, password=password, area=district
    )
    grant_role(actor=actor, now=now, account=account, role=role, area=district)
    return account
