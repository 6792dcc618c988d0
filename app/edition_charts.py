"""The charts of an edition on paper: a drawing in SVG, and the table of the numbers behind it.

What the numbers are is ``app/edition_figures.py``.
"""

from dataclasses import dataclass
from xml.etree import ElementTree

from app.bars import Bar, bar_chart
from app.edition_figures import MOST_ROWS, Figure, Rows, figures_of
from app.editions import Edition
from app.sparklines import sparkline

SVG = "http://www.w3.org/2000/svg"
FONT = "Libertinus Serif"  # the one that the layout prints with
INK, ACCENT, QUIET = "#1d2733", "#0a6558", "#b9b2a6"
LABEL = 42  # signs over a bar
COLUMN, BARS = 0.4, 9.0  # cm: one column of the small curve, the bars with their words


@dataclass(frozen=True)
class Chart:
    """A drawing with its table; ``alt`` says in a sentence what is seen."""

    title: str
    alt: str
    svg: str
    width: float  # on paper, in cm
    head: tuple[str, ...]
    rows: Rows


def charts_of(edition: Edition) -> list[Chart]:
    """Return what may be drawn of ``edition``, in the reader's language."""
    return [_drawn(figure) for figure in figures_of(edition)]


def _drawn(figure: Figure) -> Chart:
    svg, width = _columns(figure) if figure.is_trend else _bars(figure)
    return Chart(figure.title, figure.alt, svg, width, figure.head, figure.rows)


def _columns(figure: Figure) -> tuple[str, float]:
    """Return one narrow column per period, the newest one apart, and how wide they stand."""
    drawn = sparkline([float(mark.count or 0) for mark in figure.marks], recent=1)
    svg = _canvas(drawn.width, drawn.height)
    for path, colour in ((drawn.earlier, QUIET), (drawn.recent, ACCENT)):
        ElementTree.SubElement(svg, "path", {"d": path, "stroke": colour, "stroke-width": "3"})
    return _written(svg), COLUMN * len(figure.marks)


def _bars(figure: Figure) -> tuple[str, float]:
    """Return one bar per line that has a number, and how wide they stand."""
    counted = [(mark.name, mark.count) for mark in figure.marks if mark.count][:MOST_ROWS]
    chart = bar_chart([Bar(name, count, str(count)) for name, count in counted])
    svg = _canvas(chart.width, chart.height)
    for bar in chart.bars:
        label = bar.label if len(bar.label) <= LABEL else bar.label[: LABEL - 1].rstrip() + "…"
        _text(svg, 0, bar.y + 14, label)
        place = {"x": "0", "y": f"{bar.y + 20:g}", "width": f"{bar.width:g}", "height": "12"}
        ElementTree.SubElement(svg, "rect", {**place, "fill": ACCENT})
        _text(svg, bar.text_x, bar.y + 31, bar.text)
    return _written(svg), BARS


def _canvas(width: float, height: float) -> ElementTree.Element:
    return ElementTree.Element(
        "svg", {"xmlns": SVG, "viewBox": f"0 0 {width:g} {height:g}", "fill": "none"}
    )


def _text(svg: ElementTree.Element, x: float, y: float, words: str) -> None:
    style = {"font-family": FONT, "font-size": "15", "fill": INK}
    ElementTree.SubElement(svg, "text", {"x": f"{x:g}", "y": f"{y:g}", **style}).text = words


def _written(svg: ElementTree.Element) -> str:
    return ElementTree.tostring(svg, encoding="unicode")
