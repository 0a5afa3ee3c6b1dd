//! Who did it: the many forms of `userIdentity` as one actor.

use crate::loose::{Loose, wire};
use domain::event::{Actor, ActorKind};

/// The actor behind an identity. The id is stable over sessions, so that a baseline can be kept for
/// it; see [`Actor::id`].
pub(crate) fn actor(identity: &UserIdentity<'_>) -> Actor {
    let invoked_by = identity.invoked_by.text().filter(|by| !CONSOLE.contains(by));
    let (kind, id) = kind_and_id(identity, invoked_by);
    let principal = identity.arn.text().or(invoked_by).or(identity.principal_id.text());
    Actor {
        principal: clean(principal.unwrap_or(&id)),
        id: clean(&id),
        kind,
        person: person(identity).map(clean),
        invoked_by: invoked_by.map(clean),
    }
}

/// `invokedBy` of calls that a person made in the console: no service.
const CONSOLE: [&str; 2] = ["AWS Internal", "signin.amazonaws.com"];

/// Services that launch instances later, on their own: the root user who is named in old records
/// did nothing himself.
const LAUNCHING_SERVICES: [&str; 4] = [
    "autoscaling.amazonaws.com",
    "ec2fleet.amazonaws.com",
    "spot.amazonaws.com",
    "spotfleet.amazonaws.com",
];

fn kind_and_id(identity: &UserIdentity<'_>, invoked_by: Option<&str>) -> (ActorKind, String) {
    let service = |name: &str| (ActorKind::AwsService, format!("service/{name}"));
    let Some(code) = identity.kind.text() else {
        return invoked_by.map_or_else(|| (ActorKind::Other, unknown(identity)), service);
    };
    // Only what a service reports is a report, and no record of a call is.
    let kind = Some(ActorKind::from_code(code)).filter(|kind| *kind != ActorKind::Reporting);
    let kind = kind.unwrap_or(ActorKind::Other);
    match acting_service(kind, identity, invoked_by) {
        Some(name) => service(&name),
        None => (kind, id_of(kind, identity)),
    }
}

/// The service that acted, whoever is named.
fn acting_service(
    kind: ActorKind,
    identity: &UserIdentity<'_>,
    invoked_by: Option<&str>,
) -> Option<String> {
    match kind {
        ActorKind::Root => {
            invoked_by.filter(|by| LAUNCHING_SERVICES.contains(by)).map(ToOwned::to_owned)
        }
        ActorKind::AwsService => Some(invoked_by.unwrap_or("unknown").to_owned()),
        ActorKind::AssumedRole => service_of_linked_role(identity, invoked_by),
        _ => None,
    }
}

fn id_of(kind: ActorKind, identity: &UserIdentity<'_>) -> String {
    match kind {
        ActorKind::Root => "root".to_owned(),
        ActorKind::AssumedRole => role_id(identity),
        ActorKind::IamUser => named("user", identity),
        ActorKind::FederatedUser => named("federated-user", identity),
        ActorKind::WebIdentityUser => named("web-identity", identity),
        ActorKind::AwsAccount => {
            format!("account/{}", identity.account_id.printed().unwrap_or("unknown".into()))
        }
        ActorKind::IdentityCenterUser => {
            let user = identity.on_behalf_of.as_ref().and_then(|on| on.user_id.text());
            user.map_or_else(
                || named("identity-center", identity),
                |user| format!("identity-center/{user}"),
            )
        }
        ActorKind::AwsService | ActorKind::Reporting | ActorKind::Other => unknown(identity),
    }
}

/// `role/Deploy`; with the session for Identity Center roles, which are shared by many people.
fn role_id(identity: &UserIdentity<'_>) -> String {
    let (role, session) = role_and_session(identity);
    match (role, session) {
        (Some(role), Some(session)) if is_shared_by_people(role) => {
            format!("role/{role}/{session}")
        }
        (Some(role), _) => format!("role/{role}"),
        (None, _) => unknown(identity),
    }
}

fn is_shared_by_people(role: &str) -> bool {
    role.starts_with("AWSReservedSSO_")
}

/// `arn:aws:sts::…:assumed-role/<role>/<session>`, `sessionIssuer` or `principalId` `<id>:<session>`.
fn role_and_session<'i>(identity: &'i UserIdentity<'_>) -> (Option<&'i str>, Option<&'i str>) {
    let after = identity.arn.text().and_then(|arn| arn.split_once(":assumed-role/"));
    let from_arn = after.and_then(|(_, path)| path.rsplit_once('/'));
    let issuer = identity.issuer().and_then(|issuer| issuer.user_name.text());
    let from_principal = identity.principal_id.text().and_then(|id| id.split_once(':'));
    let role = issuer.or(from_arn.map(|(role, _)| role));
    let session = from_arn.map(|(_, session)| session).or(from_principal.map(|(_, name)| name));
    (role, session.filter(|session| !session.is_empty()))
}

/// The service that a service-linked role belongs to.
fn service_of_linked_role(identity: &UserIdentity<'_>, invoked_by: Option<&str>) -> Option<String> {
    let (role, _) = role_and_session(identity);
    let name = role?.strip_prefix("AWSServiceRoleFor")?;
    let from_path = identity.issuer().and_then(|issuer| {
        issuer.arn.text()?.split_once("/aws-service-role/")?.1.split('/').next()
    });
    let known = from_path.or(invoked_by).map(ToOwned::to_owned);
    let short = name.split('_').next().unwrap_or(name).to_ascii_lowercase();
    Some(known.unwrap_or_else(|| format!("{short}.amazonaws.com")))
}

/// The person behind a role session: `sourceIdentity`, or a session name that is one.
fn person<'i>(identity: &'i UserIdentity<'_>) -> Option<&'i str> {
    let session = identity.session_context.as_ref();
    if let Some(source) = session.and_then(|session| session.source_identity.text()) {
        return Some(source);
    }
    if identity.kind.text() != Some(ActorKind::AssumedRole.code()) {
        return None;
    }
    let (role, session) = role_and_session(identity);
    let by_role = role.is_some_and(is_shared_by_people);
    session.filter(|name| (by_role || name.contains('@')) && !is_machine(name))
}

/// Session names that programs choose: instance ids, numbers, digests.
fn is_machine(session: &str) -> bool {
    let hex_or_dash = |b: u8| b.is_ascii_hexdigit() || b == b'-';
    session.strip_prefix("i-").unwrap_or(session).bytes().all(hex_or_dash)
        && session.bytes().any(|b| b.is_ascii_digit())
}

/// `user/alice` by name, by the end of the ARN, or by the principal's id.
fn named(kind: &str, identity: &UserIdentity<'_>) -> String {
    let from_arn = identity.arn.text().and_then(|arn| arn.rsplit_once('/')).map(|(_, name)| name);
    let from_principal = identity.principal_id.text().map(|id| id.rsplit(':').next().unwrap_or(id));
    let name = identity.user_name.text().or(from_arn).or(from_principal);
    format!("{kind}/{}", name.unwrap_or("unknown"))
}

fn unknown(identity: &UserIdentity<'_>) -> String {
    let name = identity.arn.text().or(identity.principal_id.text()).or(identity.user_name.text());
    format!("unknown/{}", name.unwrap_or("unknown"))
}

/// Ids become parts of keys and are shown to people: no `#`, no control characters, 256 characters.
fn clean(text: &str) -> String {
    let usual = |b: u8| matches!(b, b' '..=b'~') && b != b'#';
    if text.len() <= 256 && text.bytes().all(usual) {
        return text.to_owned();
    }
    let plain = |c: char| if c == '#' || c.is_control() { '_' } else { c };
    text.chars().take(256).map(plain).collect()
}

impl<'a> UserIdentity<'a> {
    fn issuer(&self) -> Option<&SessionIssuer<'a>> {
        self.session_context.as_ref()?.session_issuer.as_ref()
    }
}

wire! {
    /// `userIdentity`.
    pub(crate) struct UserIdentity<'a> {
        "type" => kind: Loose<'a>,
        "arn" => arn: Loose<'a>,
        "principalId" => principal_id: Loose<'a>,
        "accountId" => pub(crate) account_id: Loose<'a>,
        "userName" => user_name: Loose<'a>,
        "invokedBy" => invoked_by: Loose<'a>,
        "sessionContext" => session_context: Option<SessionContext<'a>>,
        "onBehalfOf" => on_behalf_of: Option<OnBehalfOf<'a>>,
    }
    struct SessionContext<'a> {
        "sourceIdentity" => source_identity: Loose<'a>,
        "sessionIssuer" => session_issuer: Option<SessionIssuer<'a>>,
    }
    struct SessionIssuer<'a> {
        "arn" => arn: Loose<'a>,
        "userName" => user_name: Loose<'a>,
    }
    struct OnBehalfOf<'a> {
        "userId" => user_id: Loose<'a>,
    }
}
