"""How often the category of a real complaint is named right, beside two simple ways to name it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from linli.work.cases.suggest import learner

from .table import show

FOLDS, SHUFFLES = 5, 3
BINS = 5
# As an office would write them down from the names of the categories, without looking at the texts.
KEYWORDS = {
    "城乡建设": "小区 物业 业主 开发商 拆迁 违建 房屋 自来水 停水 供暖 路灯 工程 规划 征地 房产证",
    "环境保护": "污染 噪音 噪声 油烟 废气 废水 臭味 扬尘 排放 垃圾 环保 粉尘 污水",
    "交通运输": "公交 出租车 快递 道路 停车 堵车 车站 司机 高速 的士 运输 班车",
    "教育文体": "学校 老师 教师 学生 幼儿园 补课 教育 上学 培训 招生 家长 学费",
    "劳动和社会保障": "工资 社保 养老 退休 劳动 医保 拖欠 失业 工伤 养老金 公积金 合同",
    "商贸旅游": "旅游 消费 商场 电梯 超市 食品 景区 酒店 价格 传销 市场 退款",
    "卫生计生": "医院 医生 计生 生育 独生子女 二胎 患者 卫生 疫苗 药 看病 社会抚养费",
}


@dataclass(frozen=True)
class Complaint:
    """A complaint as it was sent, and the category an office gave it."""

    text: str
    category: str


def read(path: Path) -> list[Complaint]:
    """Return the complaints of a file with columns title, text and category."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Complaint(f"{row['title']} {row['text']}", row["category"])
            for row in csv.DictReader(file)
        ]


def folds(count: int, seed: int) -> list[list[int]]:
    """Return the numbers below `count`, shuffled and dealt into FOLDS; each is held out once."""
    order = list(range(count))
    Random(seed).shuffle(order)
    return [order[fold::FOLDS] for fold in range(FOLDS)]


@dataclass(frozen=True)
class Share:
    """Shares of held out complaints named right at first, and among the first three."""

    first: float
    three: float


@dataclass(frozen=True)
class HeldOut:
    """What came of one fold; `off` is the expected calibration error of what was learned."""

    in_use: Share
    cases_alone: Share
    keywords: Share
    commonest: Share
    off: float


def hold_out(rows: Sequence[Complaint], held: Sequence[int]) -> HeldOut:
    """Learn from all rows but the held out ones, and name those.

    The temperature comes from a fifth of the rows learned from, never from those held out.
    """
    away = set(held)
    seen = [row for n, row in enumerate(rows) if n not in away]
    inner, rest = seen[::FOLDS], [row for n, row in enumerate(seen) if n % FOLDS]
    draft = _learn(rest)
    heat = learner.calibrate(draft, [row.text for row in inner], [row.category for row in inner])
    weights, alone = _learn(seen, heat), _learn(seen, heat, hints=False)
    unseen = [rows[n] for n in held]
    labels = [row.category for row in unseen]
    named = [weights.name(row.text) for row in unseen]
    bare = [alone.name(row.text) for row in unseen]
    commonest = [name for name, _n in Counter(row.category for row in seen).most_common()]
    return HeldOut(
        in_use=right([[name for name, _share in row] for row in named], labels),
        cases_alone=right([[name for name, _share in row] for row in bare], labels),
        keywords=right([by_keywords(row.text, commonest) for row in unseen], labels),
        commonest=right([commonest for _row in unseen], labels),
        off=off([(row[0], label) for row, label in zip(named, labels, strict=True)]),
    )


def right(named: Sequence[Sequence[str]], labels: Sequence[str]) -> Share:
    """Return how many labels stand first, and among the first three."""
    pairs = list(zip(named, labels, strict=True))
    return Share(
        sum(names[0] == label for names, label in pairs) / len(pairs),
        sum(label in names[:3] for names, label in pairs) / len(pairs),
    )


def by_keywords(text: str, commonest: Sequence[str]) -> list[str]:
    """Return the categories by how many of their keywords stand in a text, then the commoner."""
    found = {
        name: sum(word in text for word in KEYWORDS.get(name, "").split()) for name in commonest
    }
    return sorted(commonest, key=lambda name: -found[name])


def _learn(rows: Sequence[Complaint], heat: float = 1.0, *, hints: bool = True) -> learner.Weights:
    words = {name: listed.split() for name, listed in KEYWORDS.items()} if hints else None
    weights = learner.learn(
        [row.text for row in rows],
        [row.category for row in rows],
        temperature=heat,
        keywords=words,
    )
    if weights is None:
        raise SystemExit("too few complaints to learn from")
    return weights


def off(named: Sequence[tuple[tuple[str, float], str]]) -> float:
    """Return the expected calibration error over BINS equal bins of confidence."""
    total = 0.0
    for n in range(BINS):
        low, high = n / BINS, (n + 1) / BINS
        rows = [(name == label, share) for (name, share), label in named if low < share <= high]
        if rows:
            total += abs(sum(right - share for right, share in rows))
    return total / max(1, len(named))


def run(path: Path) -> None:
    """Print accuracies on a file of complaints; say so where there is none."""
    if not path.is_file():
        print(f"Accuracy: no complaints at {path}; name a file with --texts. Left out.", flush=True)
        return
    rows = read(path)
    done = [hold_out(rows, held) for seed in range(SHUFFLES) for held in folds(len(rows), seed)]
    ways = {
        "learned from cases and keywords, as in use": [row.in_use for row in done],
        "learned from cases alone": [row.cases_alone for row in done],
        "keywords": [row.keywords for row in done],
        "always the commonest": [row.commonest for row in done],
    }
    classes = len({row.category for row in rows})
    show(
        f"Accuracy of the suggested category on {len(rows)} complaints in {classes} categories: "
        f"each held out once, {FOLDS} folds, {SHUFFLES} shuffles: mean (range over folds)",
        ("", "first suggestion", "among the first three"),
        [
            (
                way,
                _mean([share.first for share in shares]),
                _mean([share.three for share in shares]),
            )
            for way, shares in ways.items()
        ],
    )
    print(
        "Between the confidence shown and the share that is right lie "
        f"{_mean([row.off for row in done])} on average."
    )


def _mean(values: Sequence[float]) -> str:
    mean = 100 * sum(values) / len(values)
    return f"{mean:.1f} % ({100 * min(values):.0f}–{100 * max(values):.0f})"
