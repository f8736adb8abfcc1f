"""Every page of bulk work: the modules named here give the blueprint its pages."""

from directory.web.pages.bulk import applying, changes, checking, exporting, uploading
from directory.web.pages.bulk.blueprint import blueprint

PARTS = (applying, changes, checking, exporting, uploading)

__all__ = ["PARTS", "blueprint"]
