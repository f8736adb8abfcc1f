"""Every model, for migrations: importing this fills the metadata."""

import directory.accounts.models
import directory.capacity.models
import directory.catalogue.models
import directory.places.models
from directory.common.orm import Base

__all__ = ["Base", "directory"]
