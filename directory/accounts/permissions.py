"""Who may do what: one enum of permissions (`resource:action`), one map from roles to them."""

import enum


class Role(enum.StrEnum):
    """What somebody comes for (domain, "People")."""

    OFFICER = "officer"
    ADVOCATE = "advocate"
    PROVIDER = "provider"
    COMMISSIONER = "commissioner"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(enum.StrEnum):
    """Something that can be allowed."""

    CATALOGUE_VIEW = "catalogue:view"
    DRAFTS_VIEW = "drafts:view"
    SEARCH_RUN = "search:run"
    AVAILABILITY_VIEW = "availability:view"
    GUIDANCE_EDIT = "guidance:edit"
    HOLDS_MAKE = "holds:make"
    UNITS_UPDATE = "units:update"
    REFERRALS_MAKE = "referrals:make"
    REFERRALS_ANSWER = "referrals:answer"
    REFERRALS_OVERSEE = "referrals:oversee"
    CORRECTIONS_SUGGEST = "corrections:suggest"
    LISTINGS_PROPOSE = "listings:propose"
    LISTINGS_REVIEW = "listings:review"
    CATALOGUE_BULK = "catalogue:bulk"
    CONTACTS_KEEP = "contacts:keep"
    FRESHNESS_VIEW = "freshness:view"
    CONTRACTS_KEEP = "contracts:keep"
    PERFORMANCE_IMPORT = "performance:import"
    EDITIONS_PREPARE = "editions:prepare"
    CASCADE_VIEW = "cascade:view"
    INSIGHT_VIEW = "insight:view"
    ASSURANCE_VIEW = "assurance:view"
    DISCLOSURES_VIEW = "disclosures:view"
    DISCLOSURES_KEEP = "disclosures:keep"
    AUDIT_VIEW = "audit:view"
    MESSAGES_VIEW = "messages:view"


class Scope(enum.StrEnum):
    """What a bearer token may be used for, at most; its holder's role must allow it too."""

    SEARCH = "search"
    AVAILABILITY = "availability"
    HOLDS = "holds"
    REFERRALS = "referrals"
    CATALOGUE = "catalogue"


_READING = frozenset({Permission.CATALOGUE_VIEW, Permission.CORRECTIONS_SUGGEST})
_FINDING_SUPPORT = _READING | {Permission.SEARCH_RUN, Permission.AVAILABILITY_VIEW}
# What those do who keep listings true: a provider its own, a commissioner all.
_KEEPING = frozenset({Permission.LISTINGS_PROPOSE, Permission.CONTACTS_KEEP})
# What those read who answer for the whole: figures, never a case.
_OVERSEEING = frozenset(
    {
        Permission.CASCADE_VIEW,
        Permission.INSIGHT_VIEW,
        Permission.ASSURANCE_VIEW,
        Permission.DISCLOSURES_VIEW,
    }
)
_REFERRING = _FINDING_SUPPORT | {Permission.HOLDS_MAKE, Permission.REFERRALS_MAKE}

# Auditors and the system's owner read what the catalogue says; they have no need to search or to see live spaces.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: _REFERRING,
    Role.ADVOCATE: _REFERRING,
    Role.PROVIDER: _FINDING_SUPPORT
    | _KEEPING
    | {Permission.UNITS_UPDATE, Permission.REFERRALS_ANSWER, Permission.DISCLOSURES_VIEW},
    Role.COMMISSIONER: _FINDING_SUPPORT
    | _KEEPING
    | {Permission.DRAFTS_VIEW, Permission.GUIDANCE_EDIT, Permission.REFERRALS_OVERSEE}
    | {Permission.LISTINGS_REVIEW, Permission.CATALOGUE_BULK, Permission.FRESHNESS_VIEW, Permission.CONTRACTS_KEEP}
    | {Permission.PERFORMANCE_IMPORT, Permission.EDITIONS_PREPARE, Permission.DISCLOSURES_KEEP}
    | _OVERSEEING,
    Role.AUDITOR: _READING | _OVERSEEING | {Permission.AUDIT_VIEW, Permission.FRESHNESS_VIEW},
    Role.ADMINISTRATOR: _READING | {Permission.MESSAGES_VIEW},
}


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody in `role` has `permission`."""
    return permission in ROLE_PERMISSIONS[role]
