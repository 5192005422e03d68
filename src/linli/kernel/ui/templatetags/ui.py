"""Template tags of the four faces."""

from __future__ import annotations

from django import template

register = template.Library()
