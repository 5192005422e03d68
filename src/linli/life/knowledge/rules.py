"""How well an article fits a question, and what is left out of a text that becomes an article."""

from __future__ import annotations

import re
from collections.abc import Iterable

from linli.kernel.search import pairs_of

# Pairs that stand in every question and say nothing about its matter.
_EMPTY = (
    "怎么 么办 什么 怎样 如何 请问 问一 一下 可以 可不 不可 需要 要什 哪里 "
    "里办 办理 我想 想问 想知 知道 多少 在哪 去哪 哪儿 能不 不能 是不 不是 "
    "有没 没有 您好 你好 谢谢 我们 我家 这个 那个 时候 咨询 "
)
_SAYS_NOTHING = re.compile("|".join(_EMPTY.split()))
FITS = 0.34  # the least share of a question's pairs that must stand in the text
SURNAMES = (
    "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏姜戚谢邹苏潘葛范彭鲁韦马苗方"
    "任袁柳唐罗薛雷贺汤殷郝安常于时傅卞齐康伍余顾孟黄穆萧尹姚邵汪毛成戴谈宋庞熊纪舒屈"
    "项祝董梁杜阮蓝季贾江郭林钟徐邱骆高夏蔡田胡凌霍万管卢莫房解丁邓洪石崔吉龚程邢裴陆"
    "翁段侯武刘叶白蒲池阎冉边"
)

_PHONE = re.compile(r"(?<!\d)(?:1\d{2}[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d)")
_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{6}(?:18|19|20)\d{9}[\dXx](?![\dA-Za-z])")
_ACCOUNT = re.compile(r"(?<!\d)\d{12,19}(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_CALLED = re.compile(
    rf"[{SURNAMES}][一-鿿]{{0,2}}?(?:先生|女士|小姐|同志|师傅|大爷|大妈|阿姨|奶奶|爷爷|老人)"
)
_NAMED = re.compile(rf"((?:我叫|名叫|姓名|联系人)[是为：: ]?)[{SURNAMES}][一-鿿]{{1,2}}")
_PLATE = re.compile(r"[一-鿿][A-Z][·• ]?[A-Z0-9]{5,6}")
_DOOR = re.compile(r"[\d一二三四五六七八九十]+号楼(?:[\d一二三四五六七八九十]+单元)?\d*(?:室|户)?")


def meaning(text: str) -> frozenset[str]:
    """Return the pairs of characters that say what a text is about."""
    return frozenset(pair for part in _SAYS_NOTHING.split(text) for pair in pairs_of(part))


def fit(asked: frozenset[str], forms: Iterable[str]) -> float:
    """Return how well one of the forms of a question is met by what is asked, from 0 to 1.

    It is the share of the form's pairs that stand in what is asked; short questions count the
    other way round as well, so that one word finds an article whose question is longer.
    """
    best = 0.0
    for form in forms:
        known = meaning(form)
        shared = len(known & asked)
        if not shared:
            continue
        best = max(best, shared / len(known))
        if shared == len(asked):
            best = max(best, 0.5 + shared / len(known) / 2)
    return best


def scrub(text: str, names: Iterable[str] = ()) -> str:
    """Return a text without telephone, identity and account numbers, plates, doors and names.

    `names` are those known to stand in it. What is left out is marked; the writer has to check,
    since no rule finds every name.
    """
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len)[::-1]:
        text = text.replace(name, "某居民")
    text = _IDENTITY.sub("（证件号略）", text)
    text = _PHONE.sub("（电话略）", text)
    text = _ACCOUNT.sub("（号码略）", text)
    text = _MAIL.sub("（邮箱略）", text)
    text = _PLATE.sub("（车牌略）", text)
    text = _NAMED.sub(r"\1某居民", text)
    text = _CALLED.sub("某居民", text)
    return _DOOR.sub("某楼", text)
