"""What is drawn from the code is kept current: `make docs` would change nothing."""

from __future__ import annotations

import re
import tomllib
import xml.etree.ElementTree as ET
from importlib import import_module

import pytest
from scripts import draw_architecture, draw_flows

from architecture.house import ROOT, sources
from linli.kernel.flow import Flow, all_flows, register_flow
from linli.work.cases.flow import CASE_FLOW

ADVICE = "run `make docs` and commit what it changes"


def test_the_architecture_is_drawn_as_the_code_stands():
    assert draw_architecture.PICTURE.read_text("utf-8") == draw_architecture.draw(), ADVICE


def test_the_drawing_holds_every_module_and_no_arrow_upwards():
    picture = ET.fromstring(draw_architecture.draw())
    texts = {element.text for element in picture.iter() if element.tag.endswith("}text")}
    modules, arrows = draw_architecture.read()
    order = list(modules)
    assert {module.rpartition(".")[2] for found in modules.values() for module in found} <= texts
    assert ("work.cases", "kernel.flow") in arrows
    assert all(order.index(a.split(".")[0]) <= order.index(b.split(".")[0]) for a, b in arrows)


def test_every_flow_is_written_down_as_the_code_stands():
    kept = {path.name: path.read_text("utf-8") for path in draw_flows.FOLDER.glob("*.md")}
    assert kept == draw_flows.pages(), ADVICE


def test_every_flow_of_a_module_is_plugged_in():
    makers = [
        import_module(source.name)
        for source in sources()
        if re.search(r"\bFlow\(\n", source.text) and not source.name.startswith("linli.kernel.")
    ]
    made = {
        flow.name
        for module in makers
        for value in vars(module).values()
        for flow in ([value] if isinstance(value, Flow) else [])
    }
    assert made == {flow.name for flow in all_flows()}


def test_a_page_says_who_may_what_is_asked_and_what_stops_a_step():
    text = draw_flows.page(CASE_FLOW)
    chinese, english = text.split("## English")
    line = next(one for one in english.splitlines() if "`dispatch`" in one)
    assert "`cases.dispatch`" in line
    assert "not on the" in line or "list of duties" in line  # from the look-up the guard calls
    assert "registered --> accepted: 受理" in chinese


def test_no_chinese_is_left_in_the_english_part():
    for name, text in draw_flows.pages().items():
        assert not re.search(r"[\u4e00-\u9fff]", text.split("## English")[1]), name


def test_a_flow_stands_once():
    with pytest.raises(RuntimeError, match="case"):
        register_flow(CASE_FLOW)


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    named = {re.match(r"[\w.-]+", line)[0] for line in wanted}
    record = (ROOT / "docs/adr/0001-stack.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", record, re.M)
    reasons = {name: why for names, why in rows for name in re.findall(r"`([^`]+)`", names)}
    assert set(reasons) == named


def test_every_decision_stands_in_the_list():
    folder = ROOT / "docs/adr"
    index = (folder / "README.md").read_text("utf-8")
    records = sorted(path.name for path in folder.glob("0*.md"))
    assert re.findall(r"\]\((0\d{3}-[\w-]+\.md)\)", index) == records
