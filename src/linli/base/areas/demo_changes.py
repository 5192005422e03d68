"""The demonstration's changes of areas, made once all else stands, so that its work moves along."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.kernel.scope import SYSTEM

from .actions import recode_area, rename, urbanise_village
from .models import Area

NOTE = "演示数据（虚构）：{reason}"


@transaction.atomic
def load_demo(now: datetime) -> dict[str, int]:
    """Turn a village into an urban community, re-code one and rename another; return how many.

    Invented for show. Areas that stand no more are left alone.
    """
    done = 0
    village = _standing("370705009215")
    if village:
        urbanise_village(
            actor=SYSTEM, now=now, area=village, name="大台社区居委会", code="370705009101",
            note=NOTE.format(reason="村改居"),
        )  # fmt: skip
        done += 1
    moved = _standing("370705009216")
    if moved:
        recode_area(
            actor=SYSTEM, now=now, area=moved, code="370705009261",
            note=NOTE.format(reason="与上级编码统一"),
        )  # fmt: skip
        done += 1
    called = _standing("370705006203")
    if called:
        rename(
            actor=SYSTEM, now=now, area=called, name="三娘庙新村村委会",
            note=NOTE.format(reason="更名"),
        )  # fmt: skip
        done += 1
    return {"changes": done}


def _standing(code: str) -> Area | None:
    return Area.objects.filter(code=code, valid_to=None).first()
