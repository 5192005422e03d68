"""Invented texts of the demonstration's cases, put together from phrases."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"

SINCE = (
    "从上周开始", "已经三天", "这两天", "最近半个月", "从昨天晚上起", "今天一早", "连着好几天",
    "近一个月来", "从周末起", "一个多星期", "前天起", "每到傍晚",
)  # fmt: skip
OPENING = (
    "您好，", "", "", "你好，我住在附近，", "麻烦看一下，", "反映一个情况：", "我是这里的老住户，",
    "替家里老人问一下，", "",
)  # fmt: skip
CLOSING = (
    "请尽快安排人来看看。", "希望有人管一管。", "麻烦给个答复，谢谢。", "盼早日解决。",
    "请核实处理。", "谢谢你们。", "希望能给个准话。", "",
)  # fmt: skip
SPOTS = (
    "{n}号楼{m}单元", "{n}号楼楼下", "小区东门", "小区西门口", "北侧人行道", "南门停车场",
    "幼儿园旁", "菜市场门口", "{n}号楼与{k}号楼之间", "公交站旁", "老年活动室门前", "沿街商铺前",
)  # fmt: skip
SENT_BACK = ("现场复核，问题仍在", "只做了一半，请继续", "反映人说没有人联系过", "照片与现场不符")
RETURN_REASONS = (
    "经现场核实，权属不在本单位，请改派", "该事项涉及执法权，本单位无权处理", "地点不在本单位范围",
)  # fmt: skip
RULING_GRANTED = ("经核对职责清单，同意改派", "情况属实，准予退单")
RULING_REFUSED = ("按职责清单由你单位负责，不准退单", "首接负责，请会同相关单位办理")
DECLINED = {
    "outside_duty": "该事项属于市场交易，建议先与商家协商，也可到法院起诉。",
    "legal_route": "该事项已进入仲裁程序，请在仲裁中提出。",
    "in_progress": "您反映的同一事项正在办理，请以原工单编号查询进展。",
    "unclear": "多次联系未接通，地点无法确认，请补充后再次反映。",
}
RATED_WELL = ("处理得很快，谢谢", "工作人员很耐心", "满意", "", "", "")
RATED_LOW = (
    "问题没有解决，过两天又一样",
    "没人联系我就说办完了",
    "拖得太久",
    "态度还行，但没有结果",
)
CONTACTED = ("已电话联系，约定上门时间", "已与反映人核实地点", "已说明办理安排")


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return titles and details by leaf code."""
    found = {}
    for line in _lines("phrases.txt"):
        code, titles, details = line.split("|")
        found[code] = (tuple(titles.split(";")), tuple(details.split(";")))
    return found


@lru_cache(maxsize=1)
def answers() -> dict[str, tuple[str, ...]]:
    """Return results of handling by top code."""
    return {
        code: tuple(texts.split(";"))
        for code, texts in (line.split("|") for line in _lines("answers.txt"))
    }


def _lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def spot(rng: Random) -> str:
    """Return a place within a community."""
    n = rng.randint(1, 28)
    return rng.choice(SPOTS).format(n=n, m=rng.randint(1, 4), k=n + 1)


def report(rng: Random, code: str, place: str) -> tuple[str, str]:
    """Return title and text of a report about a category at a place."""
    titles, details = phrases()[code]
    since = rng.choice(SINCE)
    chosen = rng.sample(details, k=min(len(details), rng.choice((1, 2, 2, 3))))
    body = "。".join(text.format(p=place, t=since) for text in chosen)
    title = rng.choice(titles).format(p=place, t=since)
    return title[:120], f"{rng.choice(OPENING)}{body}。{rng.choice(CLOSING)}"


def answer(rng: Random, code: str) -> str:
    """Return what was done about a category."""
    return rng.choice(answers()[code[:2]])
