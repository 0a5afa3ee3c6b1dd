//! What can be wrong: with what a customer has set up, and with AWS itself.

/// What is wrong with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no role.
    RoleMissing,
    /// The role asks for no external id.
    OpenWithoutExternalId,
    /// It takes any external id, but wants one.
    OpenToAnyExternalId,
    /// It asks for another external id than was agreed upon.
    OtherExternalId,
    /// Its policy lacks this line of the template.
    ActionMissing(String),
    /// Its policy has this line besides.
    ActionBesides(String),
    /// Somebody attached this policy to it.
    PolicyAttached(String),
    /// It says to be of another account than its name tells.
    OtherAccount(String),
    /// There is no trail.
    NoTrail,
    /// The trail is switched off.
    TrailStopped,
    /// It covers this region alone.
    TrailOfOneRegion(String),
    /// It records no management events.
    TrailWithoutManagementEvents,
    /// It records reads only, by an advanced selector.
    TrailOfReadsOnly,
    /// It is the organisation's, whose selectors a member may not read.
    TrailOfOrganisation,
    /// A rule of a region is gone.
    RuleMissing(String, String),
    /// A rule of a region is switched off.
    RuleDisabled(String, String),
    /// A rule of a region has no target.
    RuleWithoutTarget(String, String),
    /// A rule of a region has another bus.
    RuleToOtherBus(String, String),
    /// A rule of a region has this pattern.
    RuleOfPattern(String, String, String),
    /// What the role is denied, it is denied of this alone.
    DeniedOnlyOf(String),
    /// What the role may call, it may call of this alone.
    AllowedOnlyOf(String),
    /// It may look at every role.
    EveryRoleVisible,
}

/// How AWS itself fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// It asks to slow down.
    Throttled,
    /// It answers 500.
    Broken,
    /// It never answers.
    Silent,
    /// It answers what nobody can read.
    Nonsense,
    /// It answers without end.
    Endless,
    /// It says that the session has passed.
    Expired,
}

impl Failing {
    /// The kind with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "throttled" => Self::Throttled,
            "broken" => Self::Broken,
            "silent" => Self::Silent,
            "nonsense" => Self::Nonsense,
            "endless" => Self::Endless,
            "expired" => Self::Expired,
            _ => return None,
        })
    }
}
