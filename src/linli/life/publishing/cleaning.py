"""Make what an editor or a person typed into HTML that can be shown to anybody."""

from __future__ import annotations

import re
from html import escape

import nh3

TAGS = {
    "p", "br", "h2", "h3", "strong", "em", "u", "s", "ul", "ol", "li", "blockquote", "a", "img",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt"},
    "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"},
}  # fmt: skip
SAME = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
PICTURE = re.compile(r"^/stories/files/\d+/$")
MARKUP = re.compile(r"<(p|br|h[1-6]|ul|ol|table|blockquote|strong|img|div)\b", re.IGNORECASE)
OTHER = re.compile(r"<(/?)(b|i|h1|h4|h5|h6)(\s[^>]*)?>", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
BLANKS = re.compile(r"(<p>(\s|&nbsp;|<br>)*</p>\s*)+")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep pictures to those of the site itself."""
    if (tag, name) == ("img", "src"):
        return value if PICTURE.match(value) else None
    return value


def clean_html(text: str) -> str:
    """Return the text as safe HTML; without any markup, blank lines part its paragraphs.

    Scripts, styles, frames and pictures from elsewhere are taken out, links lead to the web, mail
    and phones only.
    """
    text = CONTROL.sub("", text.replace("\r\n", "\n"))
    if not MARKUP.search(text):
        parts = [part.strip() for part in re.split(r"\n\s*\n", text)]
        text = "\n".join(
            f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts if part
        )
    usual = OTHER.sub(lambda found: f"<{found[1]}{SAME[found[2].lower()]}>", text)
    cleaned = nh3.clean(
        usual, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel"}, link_rel="noopener nofollow",
        clean_content_tags={"script", "style", "iframe", "object"},
    )  # fmt: skip
    return BLANKS.sub("", cleaned.replace("<img>", "")).strip()


def plain_text(html: str) -> str:
    """Return the words of cleaned HTML, without its marks."""
    spaced = re.sub(r"</(p|h2|h3|li|tr|blockquote)>|<br>", "\n", html)
    bare = nh3.clean(spaced, tags=set())
    return re.sub(r"\n{2,}", "\n", bare.replace("&nbsp;", " ").replace("&amp;", "&")).strip()
