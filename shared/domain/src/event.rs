//! What CloudTrail said, in our words: one record that starts, changes or stops resources.

use crate::ids::{AccountId, EventId, Region};
use crate::resource::{ResourceId, Service, Spec, SpecChange};
use jiff::Timestamp;

/// One CloudTrail record that started, changed or stopped resources. Failed, dry-run and read-only
/// calls never become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceEvent {
    /// `eventID`; for records of version 1.0, which have none, a digest of the record.
    pub id: EventId,
    /// `eventTime`, UTC.
    pub time: Timestamp,
    /// Whose bill it is: `recipientAccountId`.
    pub account: AccountId,
    /// `awsRegion`.
    pub region: Region,
    /// Who did it.
    pub actor: Actor,
    /// Stem of `eventName`: `RunInstances`, `CreateFunction`.
    pub name: String,
    /// What the actor used: scaling group or fleet that launched these, where the record tells.
    pub launcher: Option<ResourceId>,
    /// What happened; never empty.
    pub changes: Vec<Change>,
}

/// One thing that happened to one or more resources of equal kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Created and running from now on. All have the same spec.
    Started {
        /// The new resources; never empty. May be hundreds.
        resources: Vec<ResourceId>,
        /// What each of them is.
        spec: Spec,
    },
    /// Runs on with another spec.
    Modified {
        /// The resource.
        resource: ResourceId,
        /// What is different now.
        to: SpecChange,
    },
    /// Runs again after a stop.
    Resumed {
        /// The resources.
        resources: Vec<ResourceId>,
    },
    /// Stopped, but exists still: compute costs end, storage costs go on.
    Stopped {
        /// The resources.
        resources: Vec<ResourceId>,
    },
    /// Gone.
    Deleted {
        /// The resources.
        resources: Vec<ResourceId>,
    },
}

impl Change {
    /// The resources that it touches.
    pub fn resources(&self) -> &[ResourceId] {
        match self {
            Self::Started { resources, .. }
            | Self::Resumed { resources }
            | Self::Stopped { resources }
            | Self::Deleted { resources } => resources,
            Self::Modified { resource, .. } => std::slice::from_ref(resource),
        }
    }

    /// The service of the resources; `None` only for an empty list.
    pub fn service(&self) -> Option<Service> {
        self.resources().first().map(|resource| resource.service)
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Stable identity for baselines: `user/alice`, `role/Deploy`,
    /// `role/AWSReservedSSO_Admin_ab12/alice@example.com`, `root`,
    /// `service/autoscaling.amazonaws.com`.
    pub id: String,
    /// What kind of principal.
    pub kind: ActorKind,
    /// The whole principal as recorded (ARN, or the service's name).
    pub principal: String,
    /// The person behind a role session, where the session name or `sourceIdentity` tells.
    pub person: Option<String>,
    /// The AWS service that made the call for the principal (`invokedBy`).
    pub invoked_by: Option<String>,
}

impl Actor {
    /// A service that says what it saw, whoever did it: `ec2.amazonaws.com` of an instance that shut
    /// itself down.
    pub fn reporting(service: &str) -> Self {
        Self {
            id: format!("service/{service}"),
            kind: ActorKind::Reporting,
            principal: service.to_owned(),
            person: None,
            invoked_by: None,
        }
    }

    /// Whether it only says what it saw: nobody's call is known.
    pub fn is_reporting(&self) -> bool {
        self.kind == ActorKind::Reporting
    }
}

/// `userIdentity.type`; beside it, who reports without a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// An IAM user.
    IamUser,
    /// A role session.
    AssumedRole,
    /// The root user.
    Root,
    /// A federated user (`GetFederationToken`).
    FederatedUser,
    /// Another AWS account.
    AwsAccount,
    /// An AWS service.
    AwsService,
    /// An IAM Identity Center user.
    IdentityCenterUser,
    /// A user of a web identity provider.
    WebIdentityUser,
    /// An AWS service that reports what it saw, outside of CloudTrail.
    Reporting,
    /// A type that we do not know yet.
    Other,
}

impl ActorKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::IamUser,
        Self::AssumedRole,
        Self::Root,
        Self::FederatedUser,
        Self::AwsAccount,
        Self::AwsService,
        Self::IdentityCenterUser,
        Self::WebIdentityUser,
        Self::Reporting,
        Self::Other,
    ];

    /// CloudTrail's own word; `Reporting` is ours.
    pub const fn code(self) -> &'static str {
        match self {
            Self::IamUser => "IAMUser",
            Self::AssumedRole => "AssumedRole",
            Self::Root => "Root",
            Self::FederatedUser => "FederatedUser",
            Self::AwsAccount => "AWSAccount",
            Self::AwsService => "AWSService",
            Self::IdentityCenterUser => "IdentityCenterUser",
            Self::WebIdentityUser => "WebIdentityUser",
            Self::Reporting => "Reporting",
            Self::Other => "Other",
        }
    }

    /// The kind with this word; [`Self::Other`] for one that we do not know.
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.code() == code).unwrap_or(Self::Other)
    }
}
