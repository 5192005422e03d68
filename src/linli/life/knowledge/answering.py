"""What cases ask of the knowledge base: offers for a question, and keeping what was used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from linli.work.cases.answers import Offer
from linli.work.cases.models import Case

from .actions import count_use
from .models import ArticleVersion
from .queries import article_of_number, matches, offered


def _offer(version: ArticleVersion, fit: float = 1.0) -> Offer:
    return Offer(
        key=version.article.number,
        version=version.number,
        version_id=version.pk,
        title=version.title,
        text=version.answer,
        expires_on=version.expires_on,
        place=version.article.area.name,
        percent=round(fit * 100),
        href=f"/desk/knowledge/{version.article_id}/",
    )


class KnowledgeBase:
    """The knowledge base as a source of answers for consultations."""

    def search(self, text: str, today: date, area_code: str, category: Any) -> list[Offer]:
        """Return what may answer a text, the best first."""
        found = matches(text, today, area_code, category, most=4)
        return [_offer(match.version, match.fit) for match in found]

    def get(self, key: str, today: date, area_code: str) -> Offer | None:
        """Return the article with this number if it is in force for the place."""
        pk = article_of_number(key)
        version = offered(today, area_code).filter(article_id=pk).first() if pk else None
        return _offer(version) if version else None

    def used(self, offer: Offer, case: Case, now: datetime) -> None:
        """Count the use."""
        count_use(offer.version_id, case, now)
