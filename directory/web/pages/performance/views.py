"""Every page of performance: the modules named here give the blueprint its pages."""

from directory.web.pages.performance import importing, reading
from directory.web.pages.performance.blueprint import blueprint

PARTS = (importing, reading)

__all__ = ["PARTS", "blueprint"]
