"""The kinds of change: what each is called, on which areas it may be done, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.scope import Actor

from ..actions import (
    Act,
    NewCommunity,
    merge_communities,
    merge_grids,
    recode_area,
    rename,
    split_community,
    urbanise_village,
)
from ..models import Area, Level, SuccessionKind
from ..naming import village
from .forms import ChangeForm, MergeForm, RecodeForm, RenameForm, SplitForm, UrbanForm

Do = Callable[[], Act]


@dataclass(frozen=True)
class Kind:
    """One kind of change."""

    key: str
    label: Any
    text: Any
    icon: str
    form: type[ChangeForm]
    fits: Callable[[Area], bool]
    do: Callable[..., Act]


def _is_village(area: Area) -> bool:
    if area.level != Level.COMMUNITY:
        return False
    return 200 <= int(area.code[-3:]) <= 399 or village(area.name)


def _merge(*, actor: Actor, now: datetime, area: Area, form: MergeForm, note: str) -> Act:
    data = form.cleaned_data
    areas = [area, *data["others"]]
    if area.level == Level.GRID:
        community: Any = area.parent
        return merge_grids(
            actor=actor, now=now, community=community, token=None, grids=areas,
            name=data["name"].strip(), note=note,
        )  # fmt: skip
    return merge_communities(
        actor=actor, now=now, communities=areas, name=data["name"], code=data["code"].strip(),
        note=note,
    )  # fmt: skip


def _split(*, actor: Actor, now: datetime, area: Area, form: SplitForm, note: str) -> Act:
    parts = [NewCommunity(name, grids, code) for name, code, grids in form.parts()]
    return split_community(actor=actor, now=now, community=area, parts=parts, note=note)


def _rename(*, actor: Actor, now: datetime, area: Area, form: RenameForm, note: str) -> Act:
    return rename(actor=actor, now=now, area=area, name=form.cleaned_data["name"], note=note)


def _recode(*, actor: Actor, now: datetime, area: Area, form: RecodeForm, note: str) -> Act:
    code = form.cleaned_data["code"].strip()
    return recode_area(actor=actor, now=now, area=area, code=code, note=note)


def _urban(*, actor: Actor, now: datetime, area: Area, form: UrbanForm, note: str) -> Act:
    data = form.cleaned_data
    return urbanise_village(
        actor=actor, now=now, area=area, name=data["name"], code=data["code"].strip(), note=note
    )


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            SuccessionKind.RENAME, _("更名"), _("区域不变，只换名称；旧名称仍可查到。"), "pencil",
            RenameForm, lambda _area: True, _rename,
        ),
        Kind(
            SuccessionKind.RECODE, _("变更编码"), _("换成新编码，下面的网格和楼组随之换码。"),
            "hash", RecodeForm, lambda _area: True, _recode,
        ),
        Kind(
            SuccessionKind.SPLIT, _("拆分"), _("按网格分成几个新社区。"), "arrows-split",
            SplitForm, lambda area: area.level == Level.COMMUNITY, _split,
        ),
        Kind(
            SuccessionKind.MERGE, _("合并"), _("与同一上级的相邻区域合为一个。"), "arrows-join",
            MergeForm, lambda _area: True, _merge,
        ),
        Kind(
            SuccessionKind.URBAN, _("村改居"), _("村改为城市社区，换名称和编码。"), "building",
            UrbanForm, _is_village, _urban,
        ),
    )
}  # fmt: skip


def right_for(area: Area) -> str:
    """Return the permission a change of this area asks for."""
    return "areas.edit" if area.level == Level.GRID else "areas.succeed"


def kinds_for(actor: Actor, area: Area) -> list[Kind]:
    """Return the changes the actor may make to an area."""
    if area.level not in {Level.COMMUNITY, Level.GRID}:
        return []
    if not actor.can(right_for(area), area.code):
        return []
    return [kind for kind in KINDS.values() if kind.fits(area)]


def prepared(kind: Kind, form: ChangeForm, actor: Actor, now: datetime) -> Do:
    """Return the act that a valid form asks for, to be done or rehearsed."""
    return partial(
        kind.do, actor=actor, now=now, area=form.area, form=form,
        note=form.cleaned_data["note"].strip(),
    )  # fmt: skip
