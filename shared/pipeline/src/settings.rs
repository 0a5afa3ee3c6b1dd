//! Settings: what a tenant settles for himself, with who did it and from what.

use crate::clock::schedule_digest;
use crate::error::Failure;
use crate::ports::Keys;
use domain::governance::{Asker, AuditEntry};
use domain::ids::AccountId;
use domain::sealed::{Purpose, SecretKind};
use domain::tenant::{Settings, Webhook};
use jiff::Timestamp;
use secrecy::SecretString;
use store::{Table, TenantScope};

/// How often a change is tried while others change too.
const MAX_ATTEMPTS: usize = 5;

/// Changes a tenant's settings, on top of what others change meanwhile; what they are now.
pub async fn change(
    table: &Table,
    scope: &TenantScope,
    asked: (&Asker, Timestamp),
    change: impl Fn(&mut Settings),
) -> Result<Settings, Failure> {
    for _ in 0..MAX_ATTEMPTS {
        let before = table.settings_with_version(scope).await?;
        let mut after = before.0.clone();
        change(&mut after);
        if change_from(table, scope, asked, (before, &after)).await? {
            return Ok(after);
        }
    }
    Err(Failure::Retry("somebody else is changing these settings".to_owned()))
}

/// Changes them if they still are of the version that was read; says whether they were.
pub async fn change_from(
    table: &Table,
    scope: &TenantScope,
    (asker, at): (&Asker, Timestamp),
    ((before, version), after): ((Settings, u64), &Settings),
) -> Result<bool, Failure> {
    if before == *after {
        return Ok(true);
    }
    let entry = AuditEntry {
        at,
        who: asker.to_string(),
        what: "settings".to_owned(),
        account: None,
        old: in_words(&before),
        new: in_words(after),
        why: String::new(),
    };
    let changed = table.change_settings(scope, (version, after), &entry).await?;
    if changed && after.zone != before.zone {
        schedule_digest(table, scope, at).await?;
    }
    Ok(changed)
}

/// Sets or takes away a tenant's own receiver. The key signs what it gets; it is kept encrypted, and
/// shown to nobody again.
pub async fn set_webhook(
    table: &Table,
    keys: &impl Keys,
    scope: &TenantScope,
    asked: (&Asker, Timestamp),
    webhook: Option<(String, SecretString)>,
) -> Result<(), Failure> {
    let webhook = match webhook {
        Some((url, key)) => Some(seal_webhook(keys, scope, url, key).await?),
        None => None,
    };
    change(table, scope, asked, |settings| settings.webhook.clone_from(&webhook)).await.map(drop)
}

/// A tenant's own receiver as it is kept: its key encrypted.
pub async fn seal_webhook(
    keys: &impl Keys,
    scope: &TenantScope,
    url: String,
    key: SecretString,
) -> Result<Webhook, Failure> {
    let purpose = Purpose { tenant: scope.tenant().clone(), what: SecretKind::WebhookKey };
    Ok(Webhook { url, key: keys.seal(&purpose, &key).await? })
}

/// `Europe/Berlin, quiet 22:00-07:00, all info → C0…`; the address of a webhook may hold a secret.
fn in_words(settings: &Settings) -> String {
    let quiet = settings.quiet.map(|hours| format!("quiet {hours}"));
    let routes = settings.routes.iter().map(|route| {
        let of = route.account.as_ref().map_or("all", AccountId::as_str);
        format!("{of} {} → {}", route.at_least.code(), route.channel)
    });
    let hook = settings.webhook.as_ref().map(|_| "a webhook".to_owned());
    let parts = [Some(settings.zone.name().to_owned()), quiet, hook];
    parts.into_iter().flatten().chain(routes).collect::<Vec<_>>().join(", ")
}
