"""What is drawn from the code is kept current: `make docs` would change nothing."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from scripts import draw_architecture

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
