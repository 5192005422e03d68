"""Make the Word template of the mediation agreement anew; run it after changing the form here."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/linli/work/cases/mediation/papers/agreement.docx"
PARTY = (
    "{{ party.letter }}{{ party.role }}：{{ party.name }}{{ party.id_number }}"
    "{{ party.phone }}{{ party.address }}{{ party.representative }}"
)
# (text, bold, centred, size in points, indented)
LINES = (
    ("{{ committee }}", True, True, 16, False),
    ("{{ title }}", True, True, 22, False),
    ("编号：{{ number }}", False, True, 12, False),
    ("", False, False, 12, False),
    ("{%p for party in parties %}", False, False, 12, False),
    (PARTY, False, False, 12, False),
    ("{%p endfor %}", False, False, 12, False),
    ("纠纷类型：{{ kind }}", False, False, 12, False),
    ("一、主要事实、争议事项", True, False, 12, False),
    ("{{ matter }}", False, False, 12, True),
    ("二、经调解，双方自愿达成如下协议", True, False, 12, False),
    ("{{ terms }}", False, False, 12, True),
    ("三、履行方式、时限", True, False, 12, False),
    ("{%p for row in obligations %}", False, False, 12, True),
    ("{{ row }}", False, False, 12, True),
    ("{%p endfor %}", False, False, 12, True),
    ("四、效力", True, False, 12, False),
    ("{{ effect }}", False, False, 12, True),
    ("", False, False, 12, False),
    ("{%p for party in parties %}", False, False, 12, False),
    ("{{ party.letter }}（签名、盖章或按指印）：{{ party.signed }}", False, False, 12, False),
    ("{%p endfor %}", False, False, 12, False),
    ("人民调解员（签名）：{{ mediators }}", False, False, 12, False),
    ("（人民调解委员会印章）", False, False, 12, False),
    ("{{ day }}", False, False, 12, False),
)


def main() -> None:
    """Write the template."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.8)
    style = document.styles["Normal"]
    style.font.name = "宋体"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    for text, bold, centred, size, indented in LINES:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(size)
        paragraph.paragraph_format.line_spacing = 1.5
        paragraph.paragraph_format.space_after = Pt(0)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if indented:
            paragraph.paragraph_format.first_line_indent = Pt(24)
    document.core_properties.author = "Linli"
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(TARGET))


if __name__ == "__main__":
    main()
