//! The domain's words for people, and those of the output formats.

use domain::anomaly::Fold;
pub(crate) use domain::words::{
    began, clean, count, counted, duration, sentence, time, what_of, who,
};

/// `new` or `folded`.
pub(crate) const fn fold(fold: Fold) -> &'static str {
    match fold {
        Fold::New => "new",
        Fold::Folded { .. } => "folded",
    }
}
