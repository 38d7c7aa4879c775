"""SVG as vl-convert writes it, made fit to stand in a page: only shapes and text are let through.

Names of groups are in it as text. Every element and attribute is checked against a list, so that whatever a name (or a later
vl-convert) brings in, nothing can run, load or link. Colours of COLOURS become classes, which the page's style sheet
gives a light and a dark value.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sourcing.report.untrusted import visible

if TYPE_CHECKING:
    from lxml import etree  # type: ignore[import-untyped]

SPACE = "http://www.w3.org/2000/svg"
TAGS = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan"})
ATTRIBUTES = frozenset(
    "d x y x1 x2 y1 y2 dx dy width height viewBox transform fill fill-opacity stroke stroke-width stroke-opacity "
    "stroke-dasharray stroke-linecap stroke-linejoin stroke-miterlimit opacity font-family font-size font-weight font-style "
    "text-anchor".split()
)
# Numbers, colours, lists, transformations: no address, no quotation mark, no bracket but a transformation's.
_VALUE = re.compile(r"(?:(?!url)[\w\s.,#%+-]|\((?!\s*[a-z])|\))*", re.IGNORECASE)


def clean_svg(text: str, *, label: str, colours: Mapping[str, str], inline: bool) -> str:
    """Return the picture with nothing but shapes and text; `label` is what a screen reader says.

    colours: class names by colour, lower case. inline: for a page; it then has the page's colours, and a
    height that follows when the page makes it narrower.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    source = etree.fromstring(text.encode(), parser)
    picture = etree.Element(f"{{{SPACE}}}svg", nsmap={None: SPACE})
    _copy_attributes(source, picture, colours if inline else {})
    if inline:
        picture.attrib.pop("height", None)
    picture.set("role", "img")
    picture.set("aria-label", visible(label))
    _copy_children(source, picture, colours if inline else {})
    cleaned: str = etree.tostring(picture, encoding="unicode")
    return cleaned


def _copy_children(source: "etree._Element", target: "etree._Element", colours: Mapping[str, str]) -> None:
    from lxml import etree

    for child in _drawn(source):
        tag = etree.QName(child).localname
        copy = etree.SubElement(target, f"{{{SPACE}}}{tag}")
        _copy_attributes(child, copy, colours)
        if tag in ("text", "tspan") and child.text:
            copy.text = visible(child.text)
        _copy_children(child, copy, colours)
        if tag in ("g", "text", "tspan") and not len(copy) and not copy.text:
            target.remove(copy)


def _drawn(source: "etree._Element") -> Iterator["etree._Element"]:
    """The children that are let through and can be seen."""
    for child in source:
        known = isinstance(child.tag, str) and child.tag.startswith(f"{{{SPACE}}}")
        if not known or child.tag.removeprefix(f"{{{SPACE}}}") not in TAGS - {"svg"}:
            continue
        shapeless = child.tag.endswith("}path") and child.get("d", "") in ("", "M0,0h0v0h0Z")
        if child.get("display") != "none" and not shapeless:
            yield child


def _copy_attributes(source: "etree._Element", target: "etree._Element", colours: Mapping[str, str]) -> None:
    classes = []
    for name, value in source.attrib.items():
        if name not in ATTRIBUTES or not _VALUE.fullmatch(str(value)):
            continue
        colour = colours.get(str(value).lower()) if name in ("fill", "stroke") else None
        if colour:
            classes.append(f"{name}-{colour}")
        else:
            target.set(name, value)
    if classes:
        target.set("class", " ".join(classes))
