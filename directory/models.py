"""Every model, for migrations: importing this fills the metadata."""

import directory.accounts.models
import directory.assurance.models
import directory.audit.models
import directory.capacity.contracts.models
import directory.capacity.holds.models
import directory.capacity.models
import directory.capacity.overdue
import directory.catalogue.models
import directory.catalogue.versions.models
import directory.editing.models
import directory.insight.models
import directory.messaging.models
import directory.places.models
import directory.publishing.cascade.models
import directory.publishing.editions.models
import directory.referrals.models
import directory.upkeep.models
from directory.common.orm import Base

__all__ = ["Base", "directory"]
