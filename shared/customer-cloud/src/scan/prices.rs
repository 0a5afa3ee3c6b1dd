//! What things cost a month in the region that is looked at.

use domain::ids::Region;
use domain::price::{Monthly, Prices};
use domain::resource::Spec;
use pricing::{Book, Standing};

pub(crate) struct PriceTags<'a> {
    pub(crate) book: &'static Book,
    pub(crate) region: &'a Region,
}

impl PriceTags<'_> {
    /// Of something that events tell of too.
    pub(crate) fn of(&self, spec: &Spec) -> Option<Monthly> {
        Monthly::of(&self.book.estimate(spec, self.region))
    }

    /// Of something that only a look at the account shows.
    pub(crate) fn standing(&self, what: &Standing<'_>) -> Option<Monthly> {
        Monthly::of(&self.book.standing(what, self.region))
    }

    /// What is saved by having one instead of the other.
    pub(crate) fn saving(&self, now: &Spec, instead: &Spec) -> Option<Monthly> {
        self.of(now)?.saving(&self.of(instead)?)
    }
}
