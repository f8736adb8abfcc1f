"""Every page of editions: the modules named here give the blueprint its pages."""

from directory.web.pages.editions import (
    correcting,
    drafting,
    preparing,
    publishing,
    reading,
    scheduling,
    services,
    signing,
)
from directory.web.pages.editions.blueprint import blueprint

PARTS = (correcting, drafting, preparing, publishing, reading, scheduling, services, signing)

__all__ = ["PARTS", "blueprint"]
