"""Every model, for migrations: importing this fills the metadata."""

import directory.accounts.models
import directory.audit.models
import directory.capacity.holds.models
import directory.capacity.models
import directory.catalogue.models
import directory.messaging.models
import directory.places.models
import directory.referrals.models
from directory.common.orm import Base

__all__ = ["Base", "directory"]
