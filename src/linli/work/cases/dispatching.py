"""Which unit a case goes to: category x area to unit, and what a dispatcher may not do."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.accounts.models import Unit, UnitKind

from .models import Case, Category, DispatchRule
from .setup import current


def rule_for(category: Category, area_code: str, on: datetime) -> DispatchRule | None:
    """Return the rule that applies: exact category before its parent before any; then by area."""
    day = timezone.localtime(on).date()
    fitting = [rule for rule in current().rules if _fits(rule, category, area_code, day)]
    if not fitting:
        return None
    return max(fitting, key=lambda rule: (_exactness(rule, category), len(rule.area.code), rule.pk))


def _fits(rule: DispatchRule, category: Category, area_code: str, day: date) -> bool:
    return (
        rule.category_id in {None, category.pk, category.parent_id}
        and area_code.startswith(rule.area.code)
        and rule.valid_from <= day
        and (rule.valid_to is None or rule.valid_to >= day)
    )


def _exactness(rule: DispatchRule, category: Category) -> int:
    if rule.category_id == category.pk:
        return 2
    return 1 if rule.category_id is not None else 0


def unit_for(category: Category, area_code: str, on: datetime) -> Unit | None:
    """Return the unit the rules name for a case of this category at this place, or None.

    Where the place is known only down to a larger area than the rule's target, the unit of that
    larger area is named instead; where no department answers for the line, the subdistrict's.
    """
    rule = rule_for(category, area_code, on)
    if rule is None:
        return None
    if rule.unit_id:
        return rule.unit
    if rule.target == UnitKind.DEPARTMENT:
        return territorial(UnitKind.SUBDISTRICT, area_code, before=category.line)
    return territorial(rule.target, area_code)


LENGTHS = {UnitKind.GRID: 15, UnitKind.COMMUNITY: 12, UnitKind.SUBDISTRICT: 9, UnitKind.DISTRICT: 6}


def territorial(target: str, area_code: str, before: str | None = None) -> Unit | None:
    """Return the unit of a kind at a place or the nearest above, or a line's department `before`.

    Both in one query.
    """
    wanted = LENGTHS[UnitKind(target)]
    codes = {
        area_code[:length]: kind
        for kind, length in LENGTHS.items()
        if length <= wanted and len(area_code) >= length
    }
    condition = Q(area_code__in=codes, kind__in=codes.values())
    if before is not None:
        condition |= Q(kind=UnitKind.DEPARTMENT, line=before)
    units = list(Unit.objects.filter(condition, active=True).order_by("pk"))
    departments = [unit for unit in units if unit.kind == UnitKind.DEPARTMENT]
    if departments:
        return departments[0]
    fitting = [unit for unit in units if codes.get(unit.area_code) == unit.kind]
    return max(fitting, key=lambda unit: len(unit.area_code), default=None)


def objection(case: Case, category: Category, unit: Unit) -> str | None:
    """Return why a case may not go to a unit, or None."""
    return objection_at(case.area_code, category, unit)


def objection_at(area_code: str, category: Category, unit: Unit) -> str | None:
    """Return why nothing of a category at a place may go to a unit, or None.

    A community may be sent only what stands on its list of duties; the dispatcher is stopped.
    """
    if not unit.active:
        return _("“%(unit)s”已停用，请另选承办单位。") % {"unit": unit.name}
    community_level = unit.kind in {UnitKind.COMMUNITY, UnitKind.GRID}
    if community_level and not category.on_community_list:
        return _("“%(category)s”不在社区职责清单内，不得派给社区或网格，请派给职能部门或街道。") % {
            "category": category.name
        }
    if community_level and not area_code.startswith(unit.area_code):
        return _("“%(unit)s”不负责该地点。") % {"unit": unit.name}
    return None
