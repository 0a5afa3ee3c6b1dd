//! One door for everything: signature, faults, rights, then the service.

use crate::answer::{Answer, Manner, refusal, with};
use crate::double::CustomerAws;
use crate::fault::Failing;
use crate::request::Asked;
use crate::template::covers;
use crate::world::{Session, World};
use crate::{json_services, query_services, sts};
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;

/// More than any request of ours.
const LARGEST: usize = 4 << 20;

pub(crate) fn routes(aws: CustomerAws) -> Router {
    Router::new().fallback(answer).with_state(aws)
}

async fn answer(State(aws): State<CustomerAws>, request: Request) -> Answer {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.unwrap_or_else(|_| Bytes::new());
    let asked = match Asked::read(&head.method, &head.uri, &head.headers, &body) {
        Ok(asked) => asked,
        Err(code) => return refusal(Manner::Query, 403, code),
    };
    match aws.with(|world| world.fault_of(&asked)) {
        Some(Failing::Silent) => std::future::pending().await,
        Some(failing) => failed(failing, asked.manner),
        None => aws.with(|world| served(world, &asked)),
    }
}

impl World {
    /// Counts the request, and says what goes wrong with it.
    fn fault_of(&mut self, asked: &Asked) -> Option<Failing> {
        *self.requests.entry(asked.right()).or_default() += 1;
        let right = asked.right();
        let name =
            [right.as_str(), "*"].into_iter().find(|name| self.failing.contains_key(*name))?;
        let (failing, left) = self.failing.get_mut(name)?;
        let failing = *failing;
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.failing.remove(name);
        }
        Some(failing)
    }
}

fn failed(failing: Failing, manner: Manner) -> Answer {
    match failing {
        Failing::Throttled => refusal(manner, 400, "ThrottlingException"),
        Failing::Expired => refusal(manner, 403, "ExpiredTokenException"),
        Failing::Nonsense => {
            with(StatusCode::OK, "text/html", None, "<html><p>not what you think".to_owned())
        }
        Failing::Endless => with(StatusCode::OK, "text/xml", None, "<a>".repeat(4 << 20)),
        Failing::Broken | Failing::Silent => {
            with(StatusCode::INTERNAL_SERVER_ERROR, "text/html", None, "oops".to_owned())
        }
    }
}

/// `sts:AssumeRole` is for us, everything else for a session of the role.
fn served(world: &mut World, asked: &Asked) -> Answer {
    if asked.right() == "sts:AssumeRole" {
        return sts::assume_role(world, asked);
    }
    let session = world.sessions.get(&asked.key).cloned();
    let Some(session) = session.filter(|it| asked.token.as_deref() == Some(&it.token)) else {
        return refusal(asked.manner, 403, "InvalidClientTokenId");
    };
    if asked.right() == "sts:GetCallerIdentity" {
        return sts::caller_identity(world, &session);
    }
    if !is_allowed(world, asked, &session) {
        return denied(world, asked, &session);
    }
    match asked.manner {
        Manner::Ec2 | Manner::Query => query_services::served(world, asked, &session),
        Manner::Json | Manner::Rest => json_services::served(world, asked, &session),
    }
}

fn is_allowed(world: &World, asked: &Asked, session: &Session) -> bool {
    let account = world.accounts.get(&session.account);
    let Some(role) = account.and_then(|account| account.role.as_ref()) else { return false };
    let right = asked.right();
    let named = |list: &[String]| list.iter().any(|pattern| covers(pattern, &right));
    named(&role.allowed) && !named(&role.denied)
}

fn denied(world: &mut World, asked: &Asked, session: &Session) -> Answer {
    if asked.right() == "ec2:CreateSnapshot" {
        world.knocked(asked, session);
    }
    match asked.manner {
        Manner::Ec2 => refusal(asked.manner, 403, "UnauthorizedOperation"),
        Manner::Query => refusal(asked.manner, 403, "AccessDenied"),
        Manner::Json => refusal(asked.manner, 400, "AccessDeniedException"),
        Manner::Rest => refusal(asked.manner, 403, "AccessDeniedException"),
    }
}
