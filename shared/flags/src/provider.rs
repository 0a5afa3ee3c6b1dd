//! The document as a provider of OpenFeature: everything is answered in the process.

use crate::document::{Document, Flag, Kind};
use jiff::Timestamp;
use open_feature::provider::{FeatureProvider, ProviderMetadata, ResolutionDetails};
use open_feature::{
    EvaluationContext, EvaluationError, EvaluationErrorCode, EvaluationReason, EvaluationResult,
    StructValue, async_trait,
};
use std::sync::Arc;

/// Field of the evaluation context that holds the moment, in seconds since 1970 UTC. The account's
/// id is the targeting key.
pub(crate) const AT: &str = "at";

/// Answers from a document.
pub(crate) struct Local {
    metadata: ProviderMetadata,
    document: Arc<Document>,
}

impl Local {
    pub(crate) fn new(document: Arc<Document>) -> Self {
        Self { metadata: ProviderMetadata::new("dd0c-cost document"), document }
    }

    fn flag(&self, name: &str) -> EvaluationResult<&Flag> {
        self.document.flag(name).ok_or_else(|| refuse(EvaluationErrorCode::FlagNotFound))
    }

    fn resolve(&self, flag: &Flag, context: &EvaluationContext) -> EvaluationResult<Resolved> {
        let account = context.targeting_key.as_deref();
        let account = account.ok_or_else(|| refuse(EvaluationErrorCode::TargetingKeyMissing))?;
        let at = moment(context).ok_or_else(|| refuse(EvaluationErrorCode::InvalidContext))?;
        let reason = match self.document.rollout_percent(flag, at) {
            0 | 100 => EvaluationReason::Static,
            _ => EvaluationReason::Split,
        };
        Ok(Resolved { on: self.document.is_on(flag, account, at), reason })
    }
}

struct Resolved {
    on: bool,
    reason: EvaluationReason,
}

#[async_trait]
impl FeatureProvider for Local {
    fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    async fn resolve_bool_value(
        &self,
        name: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<bool>> {
        let flag = self.flag(name)?;
        if flag.kind == Kind::Variant {
            return Err(refuse(EvaluationErrorCode::TypeMismatch));
        }
        let Resolved { on, reason } = self.resolve(flag, context)?;
        Ok(details(on, if on { "on" } else { "off" }, reason))
    }

    async fn resolve_string_value(
        &self,
        name: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<String>> {
        let flag = self.flag(name)?;
        let variants = flag.variants.as_ref();
        let [outside, inside] =
            variants.ok_or_else(|| refuse(EvaluationErrorCode::TypeMismatch))?;
        let Resolved { on, reason } = self.resolve(flag, context)?;
        let variant = if on { inside } else { outside };
        Ok(details(variant.clone(), variant, reason))
    }

    async fn resolve_int_value(
        &self,
        name: &str,
        _: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<i64>> {
        self.of_another_type(name)
    }

    async fn resolve_float_value(
        &self,
        name: &str,
        _: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<f64>> {
        self.of_another_type(name)
    }

    async fn resolve_struct_value(
        &self,
        name: &str,
        _: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<StructValue>> {
        self.of_another_type(name)
    }
}

impl Local {
    /// No flag is a number or a structure.
    fn of_another_type<T>(&self, name: &str) -> EvaluationResult<T> {
        self.flag(name)?;
        Err(refuse(EvaluationErrorCode::TypeMismatch))
    }
}

fn moment(context: &EvaluationContext) -> Option<Timestamp> {
    let seconds = context.custom_fields.get(AT)?.as_i64()?;
    Timestamp::from_second(seconds).ok()
}

fn details<T>(value: T, variant: &str, reason: EvaluationReason) -> ResolutionDetails<T> {
    let variant = Some(variant.to_owned());
    ResolutionDetails { value, variant, reason: Some(reason), flag_metadata: None }
}

fn refuse(code: EvaluationErrorCode) -> EvaluationError {
    EvaluationError { code, message: None }
}
