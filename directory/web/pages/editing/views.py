"""Every page on which listings are kept: the modules named here give the blueprint its pages."""

from directory.web.pages.editing import adding, correcting, following, own, proposing, status, versions
from directory.web.pages.editing.blueprint import blueprint

PARTS = (adding, correcting, following, own, proposing, status, versions)

__all__ = ["PARTS", "blueprint"]
