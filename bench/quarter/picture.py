"""Two lines over ninety days, told apart by pattern and label as well as by colour."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 150, 56, 46
GRID, TEXT = "#b1b4b6", "#0b0c0c"
STEP_DAYS = 15
TITLE = "Share of units confirmed within 24 hours, day by day"


def lines(with_reminders: Sequence[float], without: Sequence[float]) -> str:
    """The picture; each line has one share (0 to 1) for each day."""
    days = len(with_reminders)
    description = (
        f"Over {days} simulated days the share of units confirmed within 24 hours is on average "
        f"{_average(with_reminders):.0%} with reminders, a solid line, and {_average(without):.0%} without, "
        "a dashed line."
    )
    parts = [
        f'<title id="title">{escape(TITLE)}</title>',
        f'<desc id="description">{escape(description)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="8" y="22" font-weight="bold">{escape(TITLE)}</text>',
        *_axes(days),
        _line(with_reminders, "#0b5c6b", ""),
        _line(without, "#a33b12", ' stroke-dasharray="7 4"'),
        _label(with_reminders, "with reminders", "#0b5c6b"),
        _label(without, "without", "#a33b12"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="14" fill="{TEXT}" role="img" aria-labelledby="title description">{"".join(parts)}</svg>\n'
    )


def _axes(days: int) -> list[str]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{GRID}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{share:.0%}</text>')
    for day in range(0, days + 1, STEP_DAYS):
        parts.append(f'<text x="{_x(day, days):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{day}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle">day</text>')
    return parts


def _line(shares: Sequence[float], colour: str, pattern: str) -> str:
    points = " ".join(f"{_x(day + 0.5, len(shares)):.1f},{_y(share):.1f}" for day, share in enumerate(shares))
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{pattern}/>'


def _label(shares: Sequence[float], text: str, colour: str) -> str:
    y = _y(_average(shares[-7:])) + 5
    return f'<text x="{WIDTH - RIGHT + 8}" y="{y:.1f}" fill="{colour}">{escape(text)}</text>'


def _x(day: float, days: int) -> float:
    return LEFT + (WIDTH - RIGHT - LEFT) * day / days


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share


def _average(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares)
