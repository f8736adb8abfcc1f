"""A poster for the office. Its code leads to signing in: whoever passes by may read it, so it opens nothing itself."""

from itertools import groupby

import segno
from flask import Response, url_for

from directory.accounts.permissions import Permission
from directory.web import current
from directory.web.access import requires
from directory.web.pages.provider.blueprint import blueprint
from directory.web.pages.provider.contexts import PosterPage
from directory.web.rendering import render

# Modules of white that a scanner needs around the code (ISO/IEC 18004, section 6.3.8).
QUIET = 4


@blueprint.get("/poster")
@requires(Permission.UNITS_UPDATE)
def poster() -> Response:
    """One page to print."""
    base = current.settings().public_url.rstrip("/")
    own_page = url_for("provider.page")
    drawing, size = code_path(base + url_for("sign_in.form", next=own_page))
    # Without signing in, the page itself sends people to the same form, and is shorter to type.
    return render(PosterPage(code=drawing, code_size=size, address=base + own_page))


def code_path(address: str) -> tuple[str, int]:
    """A QR code for `address` as the path of a drawing, and how wide and high the drawing is, in modules.

    It can still be read with a quarter of it torn off or written over (error correction Q).
    """
    code = segno.make_qr(address, error="q")
    runs = []
    rows = list(code.matrix_iter(border=QUIET))
    for y, row in enumerate(rows):
        x = 0
        for dark, modules in groupby(row):
            width = len(list(modules))
            if dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(runs), len(rows)
