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
    AUDIT_VIEW = "audit:view"
    MESSAGES_VIEW = "messages:view"


class Scope(enum.StrEnum):
    """What a bearer token may be used for, at most; its holder's role must allow it too."""

    SEARCH = "search"
    AVAILABILITY = "availability"
    HOLDS = "holds"
    REFERRALS = "referrals"
    CATALOGUE = "catalogue"


_FINDING_SUPPORT = frozenset({Permission.CATALOGUE_VIEW, Permission.SEARCH_RUN, Permission.AVAILABILITY_VIEW})
_REFERRING = _FINDING_SUPPORT | {Permission.HOLDS_MAKE, Permission.REFERRALS_MAKE}

# Auditors and the system's owner read what the catalogue says; they have no need to search or to see live spaces.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: _REFERRING,
    Role.ADVOCATE: _REFERRING,
    Role.PROVIDER: _FINDING_SUPPORT | {Permission.UNITS_UPDATE, Permission.REFERRALS_ANSWER},
    Role.COMMISSIONER: _FINDING_SUPPORT
    | {Permission.DRAFTS_VIEW, Permission.GUIDANCE_EDIT, Permission.REFERRALS_OVERSEE},
    Role.AUDITOR: frozenset({Permission.CATALOGUE_VIEW, Permission.AUDIT_VIEW}),
    Role.ADMINISTRATOR: frozenset({Permission.CATALOGUE_VIEW, Permission.MESSAGES_VIEW}),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody in `role` has `permission`."""
    return permission in ROLE_PERMISSIONS[role]
