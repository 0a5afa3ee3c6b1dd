//! What was found in an account that costs money and does nothing.

use crate::attribute::{Corrupt, Item, read, stored_code, write};
use crate::keys;
use crate::table::{StoreError, Table};
use domain::ids::{AccountId, Region};
use domain::price::{Monthly, Source};
use domain::zombie::{Part, Zombie, ZombieCheck};

stored_code! {
    ZombieCheck, ZombieCheck::from_code;
    Part, Part::from_code;
}

fn to_item(account: &AccountId, zombie: &Zombie) -> Item {
    let mut item = key(account, zombie).item("Zombie");
    write(&mut item, "check", &zombie.check);
    write(&mut item, "region", &zombie.region);
    write(&mut item, "resource", &zombie.resource);
    write(&mut item, "name", &zombie.name);
    write(&mut item, "why", &zombie.why);
    write(&mut item, "since", &zombie.since);
    write(&mut item, "monthlyUsd", &zombie.monthly.usd());
    match &zombie.monthly {
        Monthly::Priced { source, .. } => write(&mut item, "source", source),
        Monthly::Unknown { reason, .. } => write(&mut item, "unknown", reason),
    }
    write(&mut item, "stop", &zombie.stop);
    item
}

fn from_item(item: &Item) -> Result<Zombie, Corrupt> {
    Ok(Zombie {
        check: read(item, "check")?,
        region: read(item, "region")?,
        resource: read(item, "resource")?,
        name: read(item, "name")?,
        why: read(item, "why")?,
        since: read(item, "since")?,
        monthly: monthly(item)?,
        stop: read(item, "stop")?,
    })
}

fn monthly(item: &Item) -> Result<Monthly, Corrupt> {
    Ok(match (read::<Option<Source>>(item, "source")?, read(item, "monthlyUsd")?) {
        (Some(source), amount) => Monthly::Priced { amount, source },
        (None, upper_bound) => Monthly::Unknown { upper_bound, reason: read(item, "unknown")? },
    })
}

fn key(account: &AccountId, zombie: &Zombie) -> keys::Key {
    keys::zombie(account, &zombie.region, zombie.check.code(), &zombie.resource)
}

impl Table {
    /// What was found in an account, in the order of regions.
    pub async fn zombies(&self, account: &AccountId) -> Result<Vec<Zombie>, StoreError> {
        self.zombies_below(account, keys::ZOMBIE).await
    }

    /// Keeps what was found in a part of a region, in place of what was found there before, but for what
    /// these checks found: nobody has looked at it. May be repeated.
    pub async fn put_zombies(
        &self,
        account: &AccountId,
        (region, part): (&Region, Part),
        (found, unlisted): (&[Zombie], &[ZombieCheck]),
    ) -> Result<(), StoreError> {
        let before = self.zombies_below(account, &keys::zombies_of(region)).await?;
        for zombie in found {
            self.put_item(to_item(account, zombie)).await?;
        }
        let now: Vec<Item> = found.iter().map(|zombie| key(account, zombie).attributes()).collect();
        let its = before
            .iter()
            .filter(|zombie| Part::of(zombie.check) == part && !unlisted.contains(&zombie.check));
        let gone = its.map(|zombie| key(account, zombie).attributes());
        self.delete_zombies(gone.filter(|key| !now.contains(key)).collect()).await
    }

    /// Forgets all that was found in a region. May be repeated.
    pub async fn forget_zombies(
        &self,
        account: &AccountId,
        region: &Region,
    ) -> Result<(), StoreError> {
        let before = self.zombies_below(account, &keys::zombies_of(region)).await?;
        let keys = before.iter().map(|zombie| key(account, zombie).attributes());
        self.delete_zombies(keys.collect()).await
    }

    async fn zombies_below(
        &self,
        account: &AccountId,
        prefix: &str,
    ) -> Result<Vec<Zombie>, StoreError> {
        let items = self.query(&keys::account(account), prefix).await?;
        let read = items.iter().map(from_item).collect::<Result<_, _>>();
        read.map_err(StoreError::corrupt("Zombie"))
    }

    async fn delete_zombies(&self, keys: Vec<Item>) -> Result<(), StoreError> {
        for keys in keys.chunks(MAX_DELETED) {
            self.delete_all(keys.to_vec()).await?;
        }
        Ok(())
    }
}

/// Items that one batch write may delete.
const MAX_DELETED: usize = 25;
