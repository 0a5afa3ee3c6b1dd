//! The settings of each function, out of its environment: read once, and all that is missing or
//! wrong is named at once. `infra-cdk/contract.json` is written from here.

use std::fmt::Write;

/// What is missing or wrong in the environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment of {function} is not complete:{problems}")]
pub struct SettingsError {
    function: &'static str,
    problems: String,
}

/// A setting out of one environment variable.
trait Setting: Sized {
    const OPTIONAL: bool = false;
    fn read(value: Option<String>) -> Result<Self, &'static str>;
}

impl Setting for String {
    fn read(value: Option<String>) -> Result<Self, &'static str> {
        value.ok_or("is not set")
    }
}

impl Setting for u64 {
    fn read(value: Option<String>) -> Result<Self, &'static str> {
        value.ok_or("is not set")?.parse().map_err(|_| "is not a whole number")
    }
}

impl Setting for Option<String> {
    const OPTIONAL: bool = true;
    fn read(value: Option<String>) -> Result<Self, &'static str> {
        Ok(value)
    }
}

macro_rules! functions {
    ($($(#[doc = $doc:literal])* $type:ident = $function:literal {
        $($(#[doc = $field_doc:literal])* $field:ident: $kind:ty = $variable:literal,)*
    })*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Debug, Clone)]
            pub struct $type { $($(#[doc = $field_doc])* pub $field: $kind,)* }

            impl $type {
                /// Name of the function.
                pub const FUNCTION: &'static str = $function;

                /// From the environment of this process.
                pub fn from_env() -> Result<Self, SettingsError> {
                    Self::read(|name| std::env::var(name).ok())
                }

                /// From variables; an empty one counts as not set.
                pub fn read(
                    variable: impl Fn(&str) -> Option<String>,
                ) -> Result<Self, SettingsError> {
                    let mut problems = String::new();
                    $(
                        let value = variable($variable).filter(|value| !value.is_empty());
                        let $field = <$kind as Setting>::read(value)
                            .map_err(|why| {
                                // Writing to a String cannot fail.
                                let _ = write!(problems, " {} {why};", $variable);
                            });
                    )*
                    match ($($field,)*) {
                        ($(Ok($field),)*) => Ok(Self { $($field,)* }),
                        _ => Err(SettingsError { function: $function, problems }),
                    }
                }
            }
        )*

        /// Each function with the variables that it needs, and those that it can do without.
        pub fn functions() -> Vec<(&'static str, Vec<&'static str>, Vec<&'static str>)> {
            vec![$({
                let all = [$(($variable, <$kind as Setting>::OPTIONAL),)*];
                let those = |optional: bool| {
                    let those = all.iter().filter(|(_, each)| *each == optional);
                    those.map(|(name, _)| *name).collect()
                };
                ($function, those(false), those(true))
            },)*]
        }
    };
}

functions! {
    /// `event-router`: bus → FIFO queue.
    EventRouter = "event-router" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// FIFO queue of trusted events.
        event_queue: String = "EVENT_QUEUE_URL",
        /// Standard queue of what can never be read.
        dead_letters: String = "ROUTER_DLQ_URL",
        /// Events of one account a minute beyond which it has to wait.
        events_per_minute: u64 = "ACCOUNT_EVENTS_PER_MINUTE",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
        /// Believed beside `aws.*`; only stages without customers have one.
        test_source: Option<String> = "TEST_SOURCE",
    }
    /// `event-processor`: FIFO queue → cost events.
    EventProcessor = "event-processor" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// FIFO queue of what will never succeed.
        dead_letters: String = "EVENT_DLQ_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
        /// Other rollouts of flags for a while, as JSON.
        flags: Option<String> = "FLAGS",
        /// Believed beside `aws.*`; only stages without customers have one.
        test_source: Option<String> = "TEST_SOURCE",
    }
    /// `anomaly-scorer`: the table's stream → alerts.
    AnomalyScorer = "anomaly-scorer" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of what is to be told.
        alert_queue: String = "ALERT_QUEUE_URL",
        /// Queue of what will never succeed.
        dead_letters: String = "SCORER_DLQ_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
        /// Other rollouts of flags for a while, as JSON.
        flags: Option<String> = "FLAGS",
    }
    /// `notifier`: alerts → Slack, the bus of events, webhooks.
    Notifier = "notifier" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of what is to be told, for hiding a message until Slack takes more.
        alert_queue: String = "ALERT_QUEUE_URL",
        /// Queue of what will never succeed.
        dead_letters: String = "ALERT_DLQ_URL",
        /// Key that the secrets of tenants are encrypted with.
        secrets_key: String = "SECRETS_KEY_ARN",
        /// Bus on which changes are published.
        event_bus: String = "EVENT_BUS_NAME",
        /// `https://slack.com/api`
        slack_api: String = "SLACK_API_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
        /// Webhooks may lead to this machine; only stages without customers have it.
        local_webhooks: Option<String> = "LOCAL_WEBHOOKS",
    }
    /// `clock`: what is due → alerts and digests.
    Clock = "clock" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of what is to be told.
        alert_queue: String = "ALERT_QUEUE_URL",
        /// Queue of digests to be written.
        digest_queue: String = "DIGEST_QUEUE_URL",
        /// Queue of what is to be done with accounts.
        account_queue: String = "ACCOUNT_QUEUE_URL",
        /// Queue of what is to be done about money.
        billing_queue: String = "BILLING_QUEUE_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
    }
    /// `daily-digest`: a tenant's day in a few lines.
    DailyDigest = "daily-digest" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of digests to be written, for hiding a message until Slack takes more.
        digest_queue: String = "DIGEST_QUEUE_URL",
        /// Queue of what will never succeed.
        dead_letters: String = "DIGEST_DLQ_URL",
        /// Key that the secrets of tenants are encrypted with.
        secrets_key: String = "SECRETS_KEY_ARN",
        /// `https://slack.com/api`
        slack_api: String = "SLACK_API_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
    }
    /// `slack-app`: what Slack sends → questions; installations.
    SlackApp = "slack-app" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of questions and presses.
        question_queue: String = "QUESTION_QUEUE_URL",
        /// Queue of what is to be told: of what waited for an installation.
        alert_queue: String = "ALERT_QUEUE_URL",
        /// Key that the secrets of tenants are encrypted with.
        secrets_key: String = "SECRETS_KEY_ARN",
        /// Secret with what our app is known by to Slack.
        slack_secret: String = "SLACK_SECRET",
        /// `https://slack.com/api`
        slack_api: String = "SLACK_API_URL",
        /// Our own address, to which people come back from Slack.
        public_url: String = "PUBLIC_URL",
        /// Address of the dashboard, to which they go on from there.
        dashboard_url: String = "DASHBOARD_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
    }
    /// `slack-worker`: questions → answers.
    SlackWorker = "slack-worker" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of questions and presses, for hiding a message until it can be answered.
        question_queue: String = "QUESTION_QUEUE_URL",
        /// Queue of what will never succeed.
        dead_letters: String = "QUESTION_DLQ_URL",
        /// Queue of what is to be told: cards change with what people say of them.
        alert_queue: String = "ALERT_QUEUE_URL",
        /// `https://slack.com/api`
        slack_api: String = "SLACK_API_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
    }
    /// `api`: what the dashboard and programs of tenants ask and change.
    Api = "api" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of what is to be done with accounts.
        account_queue: String = "ACCOUNT_QUEUE_URL",
        /// Queue of what is to be told: cards change with what people say of them.
        alert_queue: String = "ALERT_QUEUE_URL",
        /// Key that the secrets of tenants are encrypted with.
        secrets_key: String = "SECRETS_KEY_ARN",
        /// Secret with the key that cursors are signed with.
        cursor_secret: String = "CURSOR_SECRET",
        /// Who issues the tokens of people, `https://cognito-idp.<region>.amazonaws.com/<pool>`.
        issuer: String = "ISSUER_URL",
        /// For whom they are issued: the id of the dashboard at the issuer.
        client_id: String = "CLIENT_ID",
        /// Where the keys of the issuer are, if not where it says; only stages without customers have it.
        jwks: Option<String> = "JWKS_URL",
        /// Our own address, for links that install us into Slack.
        public_url: String = "PUBLIC_URL",
        /// Address of the dashboard, to which people come back from Stripe.
        dashboard_url: String = "DASHBOARD_URL",
        /// Address of the customers' template.
        template_url: String = "TEMPLATE_URL",
        /// Our account, which customers' roles trust.
        our_account: String = "OUR_ACCOUNT_ID",
        /// Bus to which customers' rules forward.
        bus: String = "BUS_ARN",
        /// Topic that customers' stacks call back.
        callback_topic: String = "CALLBACK_TOPIC_ARN",
        /// Secret with what we are known by to Stripe.
        stripe_secret: String = "STRIPE_SECRET",
        /// `https://api.stripe.com`
        stripe_api: String = "STRIPE_API_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
        /// Webhooks may lead to this machine; only stages without customers have it.
        local_webhooks: Option<String> = "LOCAL_WEBHOOKS",
    }
    /// `account-worker`: accounts are checked, scanned and rehearsed.
    AccountWorker = "account-worker" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of what is to be done with accounts, and somebody may be waiting for it.
        account_queue: String = "ACCOUNT_QUEUE_URL",
        /// Queue of scans and rehearsals.
        background_queue: String = "BACKGROUND_QUEUE_URL",
        /// Queue of what will never succeed.
        dead_letters: String = "ACCOUNT_DLQ_URL",
        /// Queue of what is to be told.
        alert_queue: String = "ALERT_QUEUE_URL",
        /// Bus to which customers' rules forward.
        bus: String = "BUS_ARN",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
        /// Other rollouts of flags for a while, as JSON.
        flags: Option<String> = "FLAGS",
        /// In place of AWS, an AWS that is played; only stages without customers have one.
        customer_aws: Option<String> = "CUSTOMER_AWS_URL",
    }
    /// `github-oidc`: GitHub as an issuer that Cognito understands.
    GithubOidc = "github-oidc" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Secret with what we are known by to GitHub, and Cognito to us.
        github_secret: String = "GITHUB_SECRET",
        /// Key of KMS that tokens are signed with.
        signing_key: String = "SIGNING_KEY_ARN",
        /// Our own address as an issuer.
        issuer: String = "ISSUER_URL",
        /// `https://github.com`
        github: String = "GITHUB_URL",
        /// `https://api.github.com`
        github_api: String = "GITHUB_API_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
    }
    /// `stripe-webhook`: the door for Stripe.
    StripeWebhook = "stripe-webhook" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Queue of what is to be done about money.
        billing_queue: String = "BILLING_QUEUE_URL",
        /// Secret with what we are known by to Stripe.
        stripe_secret: String = "STRIPE_SECRET",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
    }
    /// `billing-worker`: subscriptions are followed, quantities set, people reminded.
    BillingWorker = "billing-worker" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of what is to be done about money, for hiding a message until it can be done.
        billing_queue: String = "BILLING_QUEUE_URL",
        /// Queue of what will never succeed.
        dead_letters: String = "BILLING_DLQ_URL",
        /// Secret with what we are known by to Stripe.
        stripe_secret: String = "STRIPE_SECRET",
        /// `https://api.stripe.com`
        stripe_api: String = "STRIPE_API_URL",
        /// Key that the secrets of tenants are encrypted with.
        secrets_key: String = "SECRETS_KEY_ARN",
        /// `https://slack.com/api`
        slack_api: String = "SLACK_API_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
    }
    /// `account-lifecycle`: accounts come, leave strict mode, and go.
    AccountLifecycle = "account-lifecycle" {
        /// `dev`, `prod`; a dimension of every metric.
        stage: String = "STAGE",
        /// Name of the one table.
        table: String = "TABLE_NAME",
        /// Queue of what is to be told: of what a circuit breaker held back.
        alert_queue: String = "ALERT_QUEUE_URL",
        /// Key that the secrets of tenants are encrypted with.
        secrets_key: String = "SECRETS_KEY_ARN",
        /// Our own address, for links that install us into Slack.
        public_url: Option<String> = "PUBLIC_URL",
        /// Secret with the key under which ids are hashed in logs.
        hash_key: String = "HASH_KEY_SECRET",
    }
}

/// Variables that every function may have.
pub const OF_ALL: [&str; 2] = ["LOG_LEVEL", "OTEL_EXPORTER_OTLP_ENDPOINT"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_where_programs_look_for_them_and_may_be_missing() {
        let with_flags: Vec<&str> = functions()
            .into_iter()
            .filter(|(_, _, optional)| optional.contains(&::flags::VARIABLE))
            .map(|(function, ..)| function)
            .collect();
        assert_eq!(with_flags, ["event-processor", "anomaly-scorer", "account-worker"]);
    }

    #[test]
    fn everything_that_is_missing_or_wrong_is_named_at_once() {
        let variable = |name: &str| match name {
            "STAGE" => Some("dev".to_owned()),
            "TABLE_NAME" => Some(String::new()),
            "ACCOUNT_EVENTS_PER_MINUTE" => Some("many".to_owned()),
            "EVENT_QUEUE_URL" => Some("https://queue".to_owned()),
            _ => None,
        };
        let error = EventRouter::read(variable).unwrap_err().to_string();
        for part in ["event-router", "TABLE_NAME is not set", "ROUTER_DLQ_URL is not set"] {
            assert!(error.contains(part), "{error}");
        }
        assert!(error.contains("ACCOUNT_EVENTS_PER_MINUTE is not a whole number"), "{error}");
        assert!(!error.contains("EVENT_QUEUE_URL") && !error.contains("TEST_SOURCE"), "{error}");
    }
}
