//! What people answered to an account's alerts, counted beside its baseline.

use crate::attribute::{Corrupt, Item, read};
use crate::table::{StoreError, Table};
use crate::{baseline, keys};
use domain::baseline::{Baseline, BaselineKey};
use domain::governance::Answers;
use domain::ids::AccountId;

fn from_item(item: &Item) -> Result<Answers, Corrupt> {
    Ok(Answers {
        expected: read::<Option<u64>>(item, "answeredExpected")?.unwrap_or(0),
        not_expected: read::<Option<u64>>(item, "answeredNotExpected")?.unwrap_or(0),
    })
}

impl Table {
    /// What was answered to an account's alerts so far.
    pub async fn answers(&self, account: &AccountId) -> Result<Answers, StoreError> {
        Ok(self.learned(account).await?.1)
    }

    /// The account's baseline and what was answered, as of one moment.
    pub async fn learned(&self, account: &AccountId) -> Result<(Baseline, Answers), StoreError> {
        let item = self.get(&keys::baseline(account, &BaselineKey::Account)).await?;
        let Some(item) = item else { return Ok((Baseline::default(), Answers::default())) };
        let both =
            baseline::from_item(&item).and_then(|stored| Ok((stored.baseline, from_item(&item)?)));
        both.map_err(StoreError::corrupt("Baseline"))
    }
}
