"""One cell into one value, or the reason why not, in the user's language."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.kernel.secrets.phones import MOBILE, normalise_phone

from ..identity import normalise_id_number
from ..models import CareKind, Gender, Relation, ResidentKind
from .reading import Cell

EXCEL_DAY_ONE = date(1899, 12, 30)
OLDEST = date(1880, 1, 1)
BLANK_WORDS = {
    "", "无", "-", "--", "—", "/", "\\", "空", "不详", "未知", "暂无", "n/a", "null", "none"
}  # fmt: skip
LONGEST_BLANK = max(map(len, BLANK_WORDS))
PLAIN_NAME = re.compile(r"[㐀-鿿]{2,20}")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


class Text(str):
    """A cell's text that was made plain already; asked again, it is not gone through again."""

    __slots__ = ()


class Bad(ValueError):
    """A cell cannot be taken; `str()` says why."""


def text_of(cell: Cell) -> str:
    """Return a cell as text: half-width, without blanks around, a whole number without `.0`."""
    if cell.__class__ is Text:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
        text = text.strip()
        return Text(text.lstrip("'").strip() if text[:1] == "'" else text)
    if isinstance(cell, float):
        if math.isnan(cell) or math.isinf(cell):
            return ""
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell says nothing: blank, or a dash, or the word for none."""
    text = text_of(cell)
    return len(text) <= LONGEST_BLANK and text.lower() in BLANK_WORDS


def is_plain(cell: Cell) -> bool:
    """Tell quickly whether a cell says something and `text_of` would leave it as it is.

    Only Chinese characters are taken for plain; other cells may be so too.
    """
    return (
        cell.__class__ is str and PLAIN_NAME.fullmatch(cell) is not None and cell not in BLANK_WORDS
    )


def name(cell: Cell) -> str:
    """Return a name; raises Bad for digits or what is too long to be one."""
    text = text_of(cell)
    if PLAIN_NAME.fullmatch(text):
        return text
    text = " ".join(text.split())
    # Two-character names are often stretched with a blank between.
    if re.fullmatch(r"[㐀-鿿](?: [㐀-鿿])+", text):
        text = text.replace(" ", "")
    if any(char.isdigit() for char in text):
        raise Bad(_("姓名里有数字"))
    if len(text) > 40:
        raise Bad(_("姓名太长"))
    return text


def id_number(cell: Cell, today: date) -> str:
    """Return the 18 characters; raises Bad, and says where a spreadsheet spoiled the number."""
    if isinstance(cell, float) and cell >= 1e15 and cell < 1e18:
        raise Bad(_("身份证号被表格软件存成了数值，后几位已丢失，请改为文本后重填"))
    text = text_of(cell)
    if SCIENTIFIC.fullmatch(text):
        raise Bad(_("身份证号被表格软件变成了科学计数，后几位已丢失，请改为文本后重填"))
    try:
        return normalise_id_number(text, today=today)
    except ValidationError as error:
        raise Bad(error.messages[0].rstrip("。")) from None


def phone(cell: Cell) -> str:
    """Return the first mobile number of a cell; raises Bad where there is none."""
    text = text_of(cell)
    if MOBILE.fullmatch(text) and text.isascii():
        return text
    text = re.sub(r"\.0+$", "", text)  # a number that was once a float and is text now
    for part in re.split(r"[,，、;；/\s]+", text):
        try:
            return normalise_phone(part)
        except ValidationError:
            continue
    try:
        return normalise_phone(text)
    except ValidationError as error:
        raise Bad(error.messages[0].rstrip("。")) from None


def day(cell: Cell, today: date) -> date:
    """Return a day from a date cell, its number, or text in the ways people write it."""
    found = _day(cell)
    if found is None:
        raise Bad(_("认不出日期，请写成1948-03-12"))
    if found > today:
        raise Bad(_("日期晚于今天"))
    if found < OLDEST:
        raise Bad(_("日期太早，请检查年份"))
    return found


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and 1 < cell < 80_000 and cell.is_integer():
        return EXCEL_DAY_ONE + timedelta(days=int(cell))
    text = text_of(cell)
    return _written_day(text) if len(text) <= 24 else None


@lru_cache(maxsize=50_000)
def _written_day(text: str) -> date | None:
    match = re.match(r"(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?", text) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})?", text
    )
    if not match:
        return None
    try:
        # A ledger of elders often knows the month alone; the first stands for it.
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None


GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE, "男性": Gender.MALE, "女性": Gender.FEMALE}
GENDERS |= {"1": Gender.MALE, "2": Gender.FEMALE, "m": Gender.MALE, "f": Gender.FEMALE}
KINDS = {
    "户籍": ResidentKind.LOCAL, "常住": ResidentKind.LOCAL, "本地": ResidentKind.LOCAL,
    "流动": ResidentKind.FLOATING, "暂住": ResidentKind.FLOATING, "外来": ResidentKind.FLOATING,
    "外地": ResidentKind.FLOATING, "租": ResidentKind.FLOATING, "境外": ResidentKind.FOREIGN,
    "外籍": ResidentKind.FOREIGN, "港澳": ResidentKind.FOREIGN,
}  # fmt: skip
RELATIONS = {
    "户主": Relation.HEAD, "本人": Relation.HEAD, "配偶": Relation.SPOUSE, "妻": Relation.SPOUSE,
    "丈夫": Relation.SPOUSE, "夫": Relation.SPOUSE, "孙": Relation.GRANDCHILD,
    "外孙": Relation.GRANDCHILD, "祖父": Relation.GRANDPARENT, "祖母": Relation.GRANDPARENT,
    "外祖": Relation.GRANDPARENT, "父": Relation.PARENT, "母": Relation.PARENT,
    "公公": Relation.PARENT, "婆婆": Relation.PARENT, "岳": Relation.PARENT,
    "女婿": Relation.OTHER_KIN, "儿媳": Relation.OTHER_KIN, "媳": Relation.OTHER_KIN,
    "女": Relation.DAUGHTER, "子": Relation.SON, "儿": Relation.SON, "长子": Relation.SON,
    "兄": Relation.SIBLING, "弟": Relation.SIBLING, "姐": Relation.SIBLING,
    "妹": Relation.SIBLING, "亲属": Relation.OTHER_KIN, "非亲属": Relation.NO_KIN,
    "租": Relation.NO_KIN, "保姆": Relation.NO_KIN,
}  # fmt: skip
TAGS = {
    "高龄": CareKind.AGED, "独居": CareKind.ALONE, "空巢": CareKind.EMPTY_NEST,
    "残": CareKind.DISABLED, "低保边缘": CareKind.LOW_EDGE, "低保": CareKind.LOW_INCOME,
    "特困": CareKind.DESTITUTE, "五保": CareKind.DESTITUTE, "困境儿童": CareKind.CHILD,
    "孤儿": CareKind.CHILD, "失独": CareKind.LOST_CHILD, "计生特殊": CareKind.LOST_CHILD,
    "优抚": CareKind.VETERAN, "退役": CareKind.VETERAN, "重病": CareKind.ILL,
}  # fmt: skip
_RELATION_WORDS = sorted(RELATIONS, key=len, reverse=True)
_TAG_WORDS = sorted(TAGS, key=len, reverse=True)


def gender(cell: Cell) -> str:
    """Return the code of a sex; raises Bad for any other word."""
    found = GENDERS.get(text_of(cell).lower())
    if found is None:
        raise Bad(_("性别请填男或女"))
    return found


def kind(cell: Cell) -> str:
    """Return the kind of resident that a word means; raises Bad."""
    text = text_of(cell)
    for word, found in KINDS.items():
        if word in text:
            return found
    raise Bad(_("人口类型请填户籍、流动或境外"))


@lru_cache(maxsize=2000)
def _relation(text: str) -> str:
    for word in _RELATION_WORDS:
        if text.startswith(word) or text.endswith(word):
            return RELATIONS[word]
    return ""


def relation(cell: Cell) -> str:
    """Return the relation to the head that a word means; raises Bad."""
    text = text_of(cell)
    if text in Relation.values:
        return text
    found = _relation(text)
    if not found:
        raise Bad(_("认不出与户主的关系，例如：户主、配偶、子、女、父母"))
    return found


def tags(cell: Cell) -> list[str]:
    """Return the care tags that stand in a cell, parted by commas; raises Bad for another word."""
    found: list[str] = []
    for part in re.split(r"[,，、;；/\s]+", text_of(cell)):
        if part.lower() in BLANK_WORDS:
            continue
        known = next((TAGS[word] for word in _TAG_WORDS if word in part), None)
        if known is None:
            raise Bad(_("认不出标签“%(part)s”") % {"part": part[:12]})
        if known not in found:
            found.append(known)
    return found
