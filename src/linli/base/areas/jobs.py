"""Background work of areas."""

from __future__ import annotations

from procrastinate.contrib.django import app

from .actions.plans import solve
from .models import LayoutPlan


@app.task(queue="areas", name="areas.solve_layout", retry=2)
def solve_layout(plan_id: int) -> None:
    """Compute one proposed layout; a second run finds it done and leaves it."""
    solve(LayoutPlan.objects.select_related("area").get(pk=plan_id))
