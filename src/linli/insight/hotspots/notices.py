"""What dispatchers are told of a hot spot."""

from __future__ import annotations

TEMPLATES = {
    "hotspots.found": "热点预警：{place}的“{category}”近{days}天{count}件，"
    "以往同样天数约{expected}件。",
}
