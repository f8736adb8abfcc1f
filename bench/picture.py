"""A bar chart as plain SVG."""

from html import escape

WIDTH, ROW, LEFT = 720, 34, 250


def bars(title: str, values: list[tuple[str, float]]) -> str:
    """Horizontal bars, one for each (label, value), with a title and the value beside each."""
    most = max(value for _, value in values)
    parts = [f'<text x="0" y="18" font-weight="bold">{escape(title)}</text>']
    for number, (label, value) in enumerate(values):
        y = 34 + number * ROW
        length = (WIDTH - LEFT - 90) * value / most
        parts.append(f'<text x="0" y="{y + 17}">{escape(label)}</text>')
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="24" fill="#0b5c6b"/>')
        parts.append(f'<text x="{LEFT + length + 8:.1f}" y="{y + 17}">{value:.1f}</text>')
    height = 40 + len(values) * ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="14" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>\n'
    )
