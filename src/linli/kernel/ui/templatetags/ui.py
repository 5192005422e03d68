"""Template tags of the four faces."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...secrets import masks
from .. import icons, menu

register = template.Library()

TONES = {
    "registered": "azure",
    "accepted": "blue",
    "dispatched": "indigo",
    "in_hand": "purple",
    "done": "orange",
    "closed": "green",
    "declined": "secondary",
    "merged": "secondary",
    "asked": "orange",
    "open": "azure",
    "signed": "purple",
    "arrived": "indigo",
    "paused": "yellow",
    "ended": "green",
    "granted": "green",
    "refused": "danger",
    "cancelled": "secondary",
    "new": "orange",
    "seen": "green",
    "due": "azure",
    "walked": "green",
    "missed": "red",
    "excused": "secondary",
    "draft": "secondary",
    "in_review": "orange",
    "published": "green",
    "replaced": "secondary",
    "withdrawn": "secondary",
}
STATE_ICONS = {
    "registered": "file-plus",
    "accepted": "check",
    "dispatched": "send",
    "in_hand": "tool",
    "done": "eye-check",
    "closed": "circle-check",
    "declined": "ban",
    "merged": "arrow-merge",
    "asked": "clock",
    "open": "send",
    "signed": "tool",
    "arrived": "map-pin",
    "paused": "player-pause",
    "ended": "circle-check",
    "granted": "circle-check",
    "refused": "ban",
    "cancelled": "x",
    "new": "flame",
    "seen": "eye-check",
    "due": "clock",
    "walked": "circle-check",
    "missed": "alert-circle",
    "excused": "ban",
    "draft": "edit",
    "in_review": "clock",
    "published": "circle-check",
    "replaced": "history",
    "withdrawn": "ban",
}
NEAR = timedelta(hours=8)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an icon as decorative inline SVG."""
    return icons.icon_svg(name)


@register.simple_tag
def state_badge(state: str, label: Any) -> SafeString:
    """Return a state as a badge with icon and words (never by colour alone)."""
    return format_html(
        '<span class="badge linli-state bg-{}-lt">{} {}</span>',
        TONES.get(state, "secondary"),
        icons.icon_svg(STATE_ICONS.get(state, "circle")),
        label,
    )


@register.simple_tag
def deadline(due: datetime | None, now: datetime) -> SafeString | str:
    """Return how long is left or how long it is overdue, in words; a dash where no clock runs."""
    if due is None:
        return "—"
    left = due - now
    words = span(abs(left))
    if left < timedelta():
        tone, name, text = "text-danger fw-bold", "alarm", _("超期%(span)s") % {"span": words}
    elif left < NEAR:
        tone, name, text = "text-orange fw-bold", "clock", _("还剩%(span)s") % {"span": words}
    else:
        tone, name, text = "", "clock", _("还剩%(span)s") % {"span": words}
    return format_html(
        '<span class="{}" title="{}">{} {}</span>',
        tone,
        f"{timezone.localtime(due):%Y-%m-%d %H:%M}",
        icons.icon_svg(name),
        text,
    )


def span(length: timedelta) -> str:
    """Return a length of time in its largest fitting unit."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)d分钟", "%(n)d分钟", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)d小时", "%(n)d小时", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)d天", "%(n)d天", days) % {"n": days}


@register.simple_tag
def percent(numerator: int | None, denominator: int | None) -> str:
    """Return a rate with one decimal; a dash where nothing was due."""
    if not denominator or numerator is None:
        return "—"
    return f"{100 * numerator / denominator:.1f}%"


@register.simple_tag(takes_context=True)
def face_menu(context: template.Context, face: str) -> list[menu.Entry]:
    """Return the menu entries of a face for the present actor."""
    return menu.menu_for(context.get("actor"), face)


@register.simple_tag(takes_context=True)
def desk_menu(context: template.Context) -> list[menu.Section]:
    """Return the desk's menu by group, and set `here` to the key of the entry one is in."""
    entries = menu.menu_for(context.get("actor"), "desk")
    request = context.get("request")
    targets = [(entry.key, reverse(entry.url_name)) for entry in entries]
    here = menu.current_of(targets, request.path) if request else ""
    context["here"] = here
    return menu.sections(entries, here)


@register.simple_tag
def styled(field: BoundField) -> SafeString:
    """Return a form field's control with the look of its kind, marked where it has an error."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        control = field.as_widget(attrs={"class": "form-check-input"})
        return format_html('<div class="linli-choices">{}</div>', control)
    classes = "form-select" if isinstance(widget, forms.Select) else "form-control"
    if isinstance(widget, forms.CheckboxInput):
        classes = "form-check-input d-block"
    attrs: dict[str, Any] = {"class": f"{classes} is-invalid" if field.errors else classes}
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.id_for_label}_error"}
    return field.as_widget(attrs=attrs)


@register.filter
def mask_name(name: Any) -> str:
    """Return a name with its middle hidden: 张三 as 张*, 张三丰 as 张*丰."""
    return masks.mask_name(str(name or ""))


@register.filter
def mask_phone(phone: Any) -> str:
    """Return a phone number with its middle hidden: 138****5678."""
    return masks.mask_phone(str(phone or ""))
