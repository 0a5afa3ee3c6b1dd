//! Feature flags by OpenFeature, evaluated in the process: the text of a document in, what it means
//! for one account out. No network, no clock, no environment: whoever asks gives text and time.
//!
//! [`Evaluator::flags`] gives [`Flags`], plain values for a domain that knows of no flags. Why a
//! release flag lives at most 14 days, and what happens then: `docs/decisions/0016-feature-flags.md`;
//! why some stay: `docs/decisions/0029-switches-that-stay.md`.

mod document;
mod lifetime;
mod names;
mod overrides;
mod provider;
mod rollout;

pub use document::{
    COMPILED_IN, Document, Flag, Kind, Lifetime, MAX_REVIEW_DAYS, MAX_TTL_DAYS, Refused, Renewal,
    Setting,
};
pub use lifetime::State;
pub use names::{CHANNELS, PARSER_OFF, PARSERS, THRESHOLDS, of_channel, of_parser};
pub use overrides::{Override, VARIABLE};

use jiff::Timestamp;
use open_feature::{Client, EvaluationContext, OpenFeature};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the flags mean for one account at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flags {
    /// Channels of [`CHANNELS`] that do not count.
    pub channels_off: BTreeSet<&'static str>,
    /// Readers of [`PARSERS`] whose records are skipped as [`PARSER_OFF`].
    pub parsers_off: BTreeSet<&'static str>,
    /// Which thresholds hold.
    pub thresholds: Thresholds,
}

/// A set of alert thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Thresholds {
    /// The ones that are in force.
    #[default]
    V1,
    /// The next ones, tried on a part of the accounts.
    V2,
}

impl Flags {
    /// Whether a channel counts. What has no flag, such as the safety net, always does.
    pub fn channel_on(&self, channel: &str) -> bool {
        !self.channels_off.contains(channel)
    }

    /// Whether the calls of a service are read.
    pub fn parser_on(&self, parser: &str) -> bool {
        !self.parsers_off.contains(parser)
    }
}

/// Asks a document by OpenFeature.
pub struct Evaluator {
    client: Client,
    document: Arc<Document>,
}

impl Evaluator {
    /// For a document of its own: two evaluators in a process do not know of each other.
    pub async fn new(document: Document) -> Self {
        let document = Arc::new(document);
        let mut api = OpenFeature::default();
        api.set_provider(provider::Local::new(Arc::clone(&document))).await;
        Self { client: api.create_client(), document }
    }

    /// The flags of an account (12 digits) at a moment. A flag that cannot be evaluated has its
    /// default.
    pub async fn flags(&self, account: &str, at: Timestamp) -> Flags {
        let context = EvaluationContext::default()
            .with_targeting_key(account)
            .with_custom_field(provider::AT, at.as_second());
        Flags {
            channels_off: self.off(&CHANNELS, of_channel, &context).await,
            parsers_off: self.off(&PARSERS, of_parser, &context).await,
            thresholds: self.thresholds(&context).await,
        }
    }

    /// The flags that are compiled in, under overrides from outside; see [`VARIABLE`]. Overrides
    /// that are refused change nothing: the refusal comes beside what holds then.
    pub async fn compiled_in(
        overrides: Option<&str>,
        now: Timestamp,
    ) -> Result<(Self, Option<Refused>), Refused> {
        let document = Document::compiled_in()?;
        let (document, refused) = match overrides {
            None => (document, None),
            Some(text) => match document.clone().with_overrides(text, now) {
                Ok(overridden) => (overridden, None),
                Err(refused) => (document, Some(refused)),
            },
        };
        Ok((Self::new(document).await, refused))
    }

    /// Whether calls of a service are read for an account at a moment: what [`Flags::parser_on`]
    /// says, for who reads record by record and cannot wait. What has no flag is read.
    pub fn is_parser_on(&self, account: &str, parser: &str, at: Timestamp) -> bool {
        let flag = self.document.flag(&of_parser(parser));
        flag.is_none_or(|flag| self.document.is_on(flag, account, at))
    }

    async fn off(
        &self,
        parts: &[&'static str],
        flag: fn(&str) -> String,
        context: &EvaluationContext,
    ) -> BTreeSet<&'static str> {
        let mut off = BTreeSet::new();
        for part in parts {
            if !self.is_on(&flag(part), context).await {
                off.insert(*part);
            }
        }
        off
    }

    async fn is_on(&self, flag: &str, context: &EvaluationContext) -> bool {
        let value = self.client.get_bool_value(flag, Some(context), None).await;
        value.unwrap_or_else(|_| self.default(flag) == Some(&Setting::Switch(true)))
    }

    async fn thresholds(&self, context: &EvaluationContext) -> Thresholds {
        let value = self.client.get_string_value(THRESHOLDS, Some(context), None).await;
        let default = || match self.default(THRESHOLDS) {
            Some(Setting::Variant(variant)) => variant.clone(),
            _ => String::new(),
        };
        match value.unwrap_or_else(|_| default()).as_str() {
            "v2" => Thresholds::V2,
            _ => Thresholds::V1,
        }
    }

    fn default(&self, flag: &str) -> Option<&Setting> {
        self.document.flag(flag).map(|flag| &flag.default)
    }
}
