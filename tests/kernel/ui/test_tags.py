"""Tags and menus: words beside colours, dashes where nothing is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template

from factories import MONDAY
from linli.kernel.scope import ANONYMOUS, SYSTEM
from linli.kernel.ui import menu
from linli.kernel.ui.icons import UnknownIcon, icon_svg


def draw(text, **context):
    return Template(text).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("hours", "words", "tone"),
    [(-49, "超期2天", "text-danger"), (-0.5, "超期30分钟", "text-danger"),
     (3, "还剩3小时", "text-orange"), (72, "还剩3天", "")],
)  # fmt: skip
def test_a_deadline_is_said_in_words(hours, words, tone):
    text = draw("{% deadline due now %}", due=MONDAY + timedelta(hours=hours), now=MONDAY)
    assert words in text
    assert tone in text
    assert "<svg" in text


def test_no_clock_and_no_denominator_show_a_dash():
    assert draw("{% deadline due now %}", due=None, now=MONDAY) == "—"
    assert draw("{% percent 0 0 %}") == "—"
    assert draw("{% percent none 3 %}", none=None) == "—"
    assert draw("{% percent 1 3 %}") == "33.3%"


def test_a_state_is_never_told_by_colour_alone():
    text = draw("{% state_badge 'closed' label %}", label="<已办结>")
    assert "&lt;已办结&gt;" in text
    assert "<svg" in text
    assert "奇怪" in draw("{% state_badge 'unheard-of' '奇怪' %}")


def test_masks():
    assert draw(
        "{{ name|mask_name }} {{ phone|mask_phone }}", name="张三丰", phone="13812345678"
    ) == ("张*丰 138****5678")
    assert draw("{{ name|mask_name }}{{ phone|mask_phone }}", name=None, phone="") == ""


@pytest.mark.parametrize("name", ["no-such-icon", "../outline/home", "", "HOME"])
def test_an_unknown_icon_raises(name):
    with pytest.raises(UnknownIcon):
        icon_svg(name)


def test_icons_are_decoration():
    assert 'aria-hidden="true"' in icon_svg("map-pin")


def test_a_menu_entry_stands_once_and_shows_to_who_may(monkeypatch):
    monkeypatch.setattr(menu, "_ENTRIES", {})
    menu.register_menu("b", "乙", "x", "home", order=2, permission="no.one")
    menu.register_menu("a", "甲", "x", "home", order=1)
    menu.register_menu("a", "甲", "x", "home", face="field")
    with pytest.raises(RuntimeError):
        menu.register_menu("a", "又", "x", "home")
    assert [entry.key for entry in menu.menu_for(SYSTEM, "desk")] == ["a", "b"]
    assert [entry.key for entry in menu.menu_for(ANONYMOUS, "desk")] == ["a"]
    assert [entry.key for entry in menu.menu_for(None, "field")] == ["a"]


def test_a_group_of_the_menu_stands_together(monkeypatch):
    monkeypatch.setattr(menu, "_ENTRIES", {})
    for key, order, group in (("a", 10, ""), ("b", 20, "x"), ("c", 30, "y"), ("d", 40, "x")):
        menu.register_menu(key, key, "ui:display", "list", order=order, group=group)
    assert [entry.key for entry in menu.menu_for(None, "desk")] == ["a", "b", "d", "c"]


def test_the_menu_folds_all_groups_but_the_one_that_one_is_in(monkeypatch):
    monkeypatch.setattr(menu, "_ENTRIES", {})
    menu.register_menu("top", "甲", "x", "home", order=1)
    for n in range(12):
        menu.register_menu(
            f"e{n}", "乙", "x", "home", order=n + 2, group="网格" if n % 2 else "管理"
        )
    entries = menu.menu_for(None, "desk")
    found = menu.sections(entries, "e3")
    assert [(one.label, one.opened, len(one.entries)) for one in found] == [
        ("", False, 1), ("管理", False, 6), ("网格", True, 6)
    ]  # fmt: skip
    assert all(one.opened for one in menu.sections(entries[:12], "top")), "a few need no folding"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/desk/", "todo"),
        ("/desk/areas/", "areas"),
        ("/desk/areas/resources/7/", "resources"),
        ("/desk/areas/7/", "areas"),
        ("/desk/nowhere/", ""),
    ],
)
def test_a_page_below_an_entry_belongs_to_it(path, key):
    targets = [
        ("todo", "/desk/"), ("areas", "/desk/areas/"), ("resources", "/desk/areas/resources/")
    ]  # fmt: skip
    assert menu.current_of(targets, path) == key
