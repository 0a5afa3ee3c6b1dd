//! Switches: what the flags mean for the accounts of a batch, at one moment.

use domain::ids::AccountId;
use domain::policy::{Policy, Thresholds};
use flags::{Evaluator, Flags};
use jiff::Timestamp;

/// The flags at the moment of the work; who runs a stage gives both.
#[derive(Clone, Copy)]
pub struct Switches<'a>(Option<(&'a Evaluator, Timestamp)>);

impl<'a> Switches<'a> {
    /// No flags: the policy alone holds, and every call is read.
    pub const NONE: Self = Self(None);

    /// The flags of an evaluator at a moment.
    pub fn at(evaluator: &'a Evaluator, at: Timestamp) -> Self {
        Self(Some((evaluator, at)))
    }

    /// A policy as it holds for an account: without the channels that are off there, and with the
    /// thresholds that are tried there.
    pub async fn over(&self, policy: &Policy, account: &AccountId) -> Policy {
        match self.0 {
            Some((evaluator, at)) => lay(&evaluator.flags(account.as_str(), at).await, policy),
            None => policy.clone(),
        }
    }

    /// Whether the calls of a parser are skipped for an account.
    pub fn is_parser_off(&self, account: &AccountId, parser: &str) -> bool {
        self.0.is_some_and(|(flags, at)| !flags.is_parser_on(account.as_str(), parser, at))
    }
}

/// Lays flags over a policy. The safety net, governance and the panic switch stay as they are: they
/// have no flag.
pub fn lay(flags: &Flags, policy: &Policy) -> Policy {
    Policy {
        channels_off: flags.channels_off.iter().map(|channel| (*channel).to_owned()).collect(),
        thresholds: match flags.thresholds {
            flags::Thresholds::V1 => Thresholds::V1,
            flags::Thresholds::V2 => Thresholds::V2,
        },
        ..policy.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::policy::Mode;
    use std::collections::BTreeSet;

    #[test]
    fn flags_move_channels_and_thresholds_and_nothing_else() {
        let policy = Policy {
            mode: Mode::Strict,
            customer_strict: true,
            panic: true,
            channels_off: BTreeSet::new(),
            ..Policy::default()
        };
        let flags = Flags {
            channels_off: BTreeSet::from(["rate", "novelty"]),
            thresholds: flags::Thresholds::V2,
            ..Flags::default()
        };
        let switched = lay(&flags, &policy);
        assert_eq!(switched.channels_off, ["rate", "novelty"].map(str::to_owned).into());
        assert_eq!(switched.thresholds, Thresholds::V2);
        let none_off = Policy { channels_off: BTreeSet::new(), ..policy };
        assert_eq!(lay(&Flags::default(), &switched), none_off);
    }
}
