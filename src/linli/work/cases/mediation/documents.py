"""The agreement on paper, as Word and PDF, from what the file holds; nothing is typed again.

Both follow the field's form 人民调解协议书 (oral: 人民调解口头协议登记表): numbers, parties, facts,
content, performance, signatures (People's Mediation Law, arts. 28-29).
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from docxtpl import DocxTemplate

from .models import Form, Mediation, Obligation, Party

FOLDER = Path(__file__).parent / "papers"
# Looked for in this order: song typefaces, as official papers use, before others.
FONTS = (
    "SimSun", "FangSong", "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "FandolSong",
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)  # fmt: skip
BLANK = "________________"


class NoChineseFont(RuntimeError):
    """The server has no font in which the PDF could be set in Chinese."""


@lru_cache(maxsize=1)
def chinese_font() -> str:
    """Return the font of PDFs: the first known one among the system's and those in the data
    folder's `fonts`; raises NoChineseFont."""
    found = set(_fonts().families())
    for name in FONTS:
        if name in found:
            return name
    raise NoChineseFont


def _fonts() -> typst.Fonts:
    folder = Path(settings.HOME) / "fonts"
    own = [str(folder)] if folder.is_dir() else []
    return typst.Fonts(include_system_fonts=True, font_paths=own)


def words_of(mediation: Mediation) -> dict[str, Any]:
    """Return every word the paper shows."""
    parties: list[Party] = list(mediation.parties.all())
    rows = list(mediation.obligations.select_related("debtor"))
    oral = mediation.form == Form.ORAL
    who = [mediation.mediator.name, mediation.second.name if mediation.second else ""]
    return {
        "committee": f"{mediation.committee.short_name}人民调解委员会",
        "title": "人民调解口头协议登记表" if oral else "人民调解协议书",
        "number": mediation.number,
        "kind": str(mediation.get_kind_display()),
        "parties": [_party(party, oral) for party in parties],
        "matter": mediation.matter,
        "terms": mediation.terms,
        "obligations": [_obligation(n, row) for n, row in enumerate(rows, 1)]
        or ["本协议没有约定另行履行的义务。"],
        "effect": _effect(oral, len(parties)),
        "mediators": "、".join(name for name in who if name),
        "day": _day(mediation.effective_on) or "    年    月    日",
    }


def _party(party: Party, oral: bool) -> dict[str, str]:
    number = "统一社会信用代码" if party.organisation else "身份证号"
    return {
        "letter": party.letter,
        "role": "（申请人）" if party.applicant else "",
        "name": party.name,
        "id_number": f"，{number}{party.id_number}" if party.id_number else "",
        "phone": f"，电话{party.phone}" if party.phone else "",
        "address": f"，住{party.address}" if party.address else "",
        "representative": f"，代理人（负责人）{party.representative}"
        if party.representative
        else "",
        "signed": "口头同意" if oral else _day(party.signed_on) or BLANK,
    }


def _obligation(number: int, row: Obligation) -> str:
    return f"{number}. {row.debtor.letter}于{_day(row.due_on)}前：{row.what}"


def _effect(oral: bool, parties: int) -> str:
    start = (
        "本协议为口头协议，自各方当事人达成协议之日起生效。"
        if oral
        else "本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章"
        f"之日起生效。本协议一式{parties + 1}份，当事人各执一份，人民调解委员会留存一份。"
    )
    return (
        f"{start}各方应当按照约定履行。各方认为有必要的，可以自本协议生效之日起三十日内"
        "共同向人民法院申请司法确认。"
    )


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def as_word(mediation: Mediation) -> bytes:
    """Return the agreement as a Word document."""
    document = DocxTemplate(str(FOLDER / "agreement.docx"))
    document.render(words_of(mediation), autoescape=True)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def as_pdf(mediation: Mediation) -> bytes:
    """Return the agreement as PDF; raises NoChineseFont."""
    paper = json.dumps(words_of(mediation) | {"font": chinese_font()}, ensure_ascii=False)
    made = typst.compile(
        str(FOLDER / "agreement.typ"), font_paths=_fonts(), sys_inputs={"paper": paper},
        format="pdf",
    )  # fmt: skip
    return bytes(made)
