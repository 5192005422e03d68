"""What owners of articles are told."""

from __future__ import annotations

TEMPLATES = {
    "knowledge.expires": "知识条目{number}“{title}”将于{day}到期，请复核；仍然有效的请发新版。",
    "knowledge.expired": "知识条目{number}“{title}”已于{day}到期，不再向居民提供，请尽快复核。",
}
