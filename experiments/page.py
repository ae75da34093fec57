"""A page of HTML that needs nothing else: its look, and what it is made of."""

import re
from collections.abc import Collection, Sequence
from html import escape
from pathlib import Path
from typing import Final

CSS: Final = """
body { font: 16px/1.5 system-ui, sans-serif; color: #111; background: #fff;
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem } p, ul { max-width: 60rem }
h1 { font-size: 1.7rem } h2 { font-size: 1.25rem; margin-top: 2.2rem }
figure { margin: 1rem 0; overflow-x: auto } svg { max-width: 100%; height: auto }
figcaption, .small { color: #444; font-size: .9rem }
table { border-collapse: collapse; font-size: .8rem; font-variant-numeric: tabular-nums }
.scroll { overflow-x: auto }
th, td { border-bottom: 1px solid #ccc; padding: .3rem .35rem; text-align: right }
th { vertical-align: bottom } td { white-space: nowrap }
td.text, th.text { text-align: left; white-space: normal }
@media print { @page { size: A4 landscape; margin: 12mm }
  body { margin: 0; max-width: none; font-size: 10pt } h2, h3 { break-after: avoid }
  figure, table { break-inside: avoid } svg { max-height: 160mm }
  .scroll { overflow: visible } table { width: 100%; font-size: 7.5pt }
  th, td { padding: .15rem .25rem } }
"""


def document(title: str, body: Sequence[str], css: str = CSS) -> str:
    """Return the page.

    Parameters
    ----------
    title : str
        As text.
    body : sequence of str
        Its parts, as HTML.
    css : str
        How it looks.
    """
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<title>{escape(title)}</title>'
        f"<style>{css}</style></head>\n<body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def bullets(items: Sequence[str]) -> str:
    """Return a list of texts.

    >>> bullets(["a < b", "c"])
    '<ul><li>a &lt; b</li><li>c</li></ul>'
    """
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def table(rows: Sequence[Sequence[str]], left: Collection[str] | None = None) -> str:
    """Return a table of texts whose first row is its heading; intervals stand below numbers.

    Parameters
    ----------
    rows : sequence of sequence of str
        The heading, and then all others.
    left : collection of str, optional
        Which columns stand left; unless given, every cell does that is no number.

    Examples
    --------
    >>> found = table([["party"], ["7 % (5 to 9)"]])
    >>> found.removeprefix('<div class="scroll"><table>').removesuffix("</table></div>")
    '<tr><th class="text">party</th></tr><tr><td>7 %<br/>(5 to 9)</td></tr>'
    """
    heading, *others = rows

    def line(tag: str, cells: Sequence[str]) -> str:
        made = []
        for name, cell in zip(heading, cells, strict=True):
            aside = name in left if left is not None else not _is_number(cell)
            kind = ' class="text"' if aside else ""
            shown = escape(cell) if aside else escape(cell).replace(" (", "<br/>(")
            made.append(f"<{tag}{kind}>{shown}</{tag}>")
        return f"<tr>{''.join(made)}</tr>"

    body = line("th", heading) + "".join(line("td", row) for row in others)
    return f'<div class="scroll"><table>{body}</table></div>'


def figure(caption: str, path: Path, number: int) -> str:
    """Return an SVG file as part of the page, its names made its own."""
    drawing = path.read_text(encoding="utf-8")
    drawing = re.sub("<metadata>.*?</metadata>", "", drawing, count=1, flags=re.DOTALL)
    drawing = drawing[drawing.index("<svg") :]
    own = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>figure{number}-", drawing)
    label = f'<svg role="img" aria-label="{escape(caption)}"'
    return (
        f"<figure>{own.replace('<svg', label, 1)}"
        f"<figcaption>Figure {number}. {escape(caption)}</figcaption></figure>"
    )


def _is_number(cell: str) -> bool:
    """Return whether a cell is a number, with its unit and its interval if it has them."""
    number = r"-?[\d,.]+( ?%)?"
    return re.fullmatch(rf"{number}( \({number} to {number}\))?", cell) is not None
