"""Which column holds what: guessed from the head, remembered from the last time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from .reading import Cell

# field -> label; the order is that of the page on which columns are matched.
FIELDS = {
    "name": _("姓名"),
    "id_number": _("身份证号"),
    "phone": _("手机号"),
    "born_on": _("出生日期"),
    "gender": _("性别"),
    "kind": _("人口类型"),
    "relation": _("与户主的关系"),
    "household": _("户号"),
    "grid": _("网格"),
    "address": _("地址"),
    "building": _("楼栋"),
    "unit": _("单元"),
    "room": _("房号"),
    "tags": _("标签"),
}
NEEDED = ("name",)

# What heads are called in the ledgers people have; the longest that fits wins.
HEADS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "居民姓名", "人员姓名", "成员姓名", "公民姓名", "name"),
    "id_number": (
        "身份证号", "身份证号码", "身份证", "公民身份号码", "公民身份证号", "证件号码", "证件号",
        "居民身份证号码", "idcard", "idnumber",
    ),
    "phone": (
        "手机号", "手机", "手机号码", "联系电话", "电话", "联系方式", "移动电话", "本人电话",
        "电话号码", "phone", "mobile",
    ),
    "born_on": ("出生日期", "出生年月日", "出生年月", "生日", "birthday"),
    "gender": ("性别", "sex", "gender"),
    "kind": ("人口类型", "人员类型", "人口类别", "户籍类型", "人员类别", "人口性质"),
    "relation": ("与户主关系", "与户主的关系", "户主关系", "家庭关系", "关系"),
    "household": ("户号", "户编号", "家庭编号", "户序号"),
    "grid": ("网格", "所属网格", "所在网格", "网格名称", "网格编码", "网格号"),
    "address": (
        "地址", "住址", "家庭住址", "现住址", "居住地址", "详细地址", "现居住地址", "家庭地址",
        "居住地", "实际居住地址",
    ),
    "building": ("楼栋", "楼号", "楼栋号", "栋号", "幢号", "楼幢", "小区楼栋", "楼宇"),
    "unit": ("单元", "单元号"),
    "room": ("房号", "室", "室号", "房间号", "门牌", "房屋号", "户室"),
    "tags": ("标签", "人员标签", "特殊人群", "特殊群体", "重点人群", "类别备注", "人群分类"),
}  # fmt: skip
HEAD_ROWS = 12  # the head stands within these
MARKS = re.compile(r"[\s*＊:：()（）\[\]【】/、.,，。_\-]+")


def plain(cell: Cell) -> str:
    """Return a head's text without blanks, marks and what stands in brackets."""
    text = unicodedata.normalize("NFKC", str(cell if cell is not None else ""))
    text = re.sub(r"[(（\[【].*?[)）\]】]", "", text)
    return MARKS.sub("", text).lower()


def field_of(cell: Cell) -> str:
    """Return the field a head names, or blank."""
    text = plain(cell)
    best, longest = "", 0
    for field, heads in HEADS.items():
        for head in heads:
            if text == head:
                return field
            near = len(head) > max(longest, 1) and len(text) <= len(head) + 6
            if near and (text.startswith(head) or text.endswith(head)):
                best, longest = field, len(head)
    return best


def find_head(rows: Sequence[Sequence[Cell]]) -> int:
    """Return the number of the row that looks most like a head, counted from 0."""
    best, most = 0, 0
    for number, row in enumerate(rows[:HEAD_ROWS]):
        known = len({field_of(cell) for cell in row} - {""})
        if known > most:
            best, most = number, known
    return best


def guess(head: Sequence[Cell]) -> dict[str, int]:
    """Return field -> column for a head; a column serves one field, the first that fits."""
    found: dict[str, int] = {}
    for exact in (True, False):
        for column, cell in enumerate(head):
            field = field_of(cell)
            if not field or field in found or column in found.values():
                continue
            if exact and plain(cell) not in HEADS[field]:
                continue
            found[field] = column
    return found


def signature(head: Sequence[Cell]) -> str:
    """Return what a head is recognised by the next time, whatever blanks and marks it has."""
    text = "|".join(plain(cell) for cell in head).rstrip("|")
    return hashlib.sha256(text.encode()).hexdigest()


def still_fits(mapping: Mapping[str, int], width: int) -> bool:
    """Tell whether remembered columns exist in a sheet of this width."""
    return all(field in FIELDS and 0 <= column < width for field, column in mapping.items())
