//! Price lists as JSON: all products first, then the terms with their prices.

use super::Collector;
use super::offer::{Attributes, Target};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::marker::PhantomData;

pub(super) fn read(text: impl Read, collector: &mut Collector) -> Result<(), String> {
    let mut list = serde_json::Deserializer::from_reader(text);
    let whole = List { collector, kept: HashMap::new(), products: false, terms: false };
    let read = whole.deserialize(&mut list).map_err(|error| error.to_string())?;
    list.end().map_err(|error| error.to_string())?;
    match read {
        (true, true) => Ok(()),
        (false, _) => Err("it has no products".to_owned()),
        (true, false) => Err("it has no terms".to_owned()),
    }
}

/// The whole list; of its products only those that have a place in a table are remembered.
struct List<'c> {
    collector: &'c mut Collector,
    kept: HashMap<String, Target>,
    products: bool,
    terms: bool,
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = (bool, bool);

    fn deserialize<D: Deserializer<'de>>(self, list: D) -> Result<Self::Value, D::Error> {
        list.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = (bool, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a price list")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<Self::Value, M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.read(&key, &mut map)?;
        }
        Ok((self.products, self.terms))
    }
}

impl List<'_> {
    fn read<'de, M: MapAccess<'de>>(&mut self, key: &str, map: &mut M) -> Result<(), M::Error> {
        match key {
            "offerCode" => self.collector.offer = map.next_value()?,
            "publicationDate" => {
                let time: String = map.next_value()?;
                self.collector.published_at(&time);
            }
            "products" => {
                self.products = true;
                map.next_value_seed(entries(|sku, product| self.keep(sku, product)))?;
            }
            "terms" => {
                self.terms = true;
                map.next_value_seed(Terms { collector: self.collector, kept: &self.kept })?;
            }
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }

    fn keep(&mut self, sku: String, product: Product) {
        let attributes = product.into_attributes();
        if let Some(target) = self.collector.target(&attributes) {
            self.kept.insert(sku, target);
        }
    }
}

#[derive(Deserialize)]
struct Product {
    #[serde(rename = "productFamily", default)]
    family: String,
    #[serde(default)]
    attributes: HashMap<String, String>,
}

impl Product {
    fn into_attributes(self) -> Attributes {
        let mut attributes = Attributes::default();
        attributes.set("productFamily", &self.family);
        self.attributes.iter().for_each(|(name, value)| attributes.set(name, value));
        attributes
    }
}

/// The prices on demand; reserved ones are skipped unread.
struct Terms<'c> {
    collector: &'c mut Collector,
    kept: &'c HashMap<String, Target>,
}

impl<'de> DeserializeSeed<'de> for Terms<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, terms: D) -> Result<(), D::Error> {
        terms.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Terms<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("terms by kind")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(kind) = map.next_key::<String>()? {
            if kind == "OnDemand" {
                map.next_value_seed(entries(|sku: String, terms: HashMap<String, Term>| {
                    let Some(target) = self.kept.get(&sku) else { return };
                    let prices = terms.values().flat_map(|term| term.prices.values());
                    for price in prices {
                        let usd = price.per_unit.get("USD").map(String::as_str);
                        self.collector.price(target.clone(), &price.begin, usd);
                    }
                }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Term {
    #[serde(rename = "priceDimensions", default)]
    prices: HashMap<String, Price>,
}

#[derive(Deserialize)]
struct Price {
    #[serde(rename = "beginRange", default)]
    begin: String,
    #[serde(rename = "pricePerUnit", default)]
    per_unit: HashMap<String, String>,
}

/// Gives each entry of an object to a function, one at a time.
struct Entries<T, F>(F, PhantomData<T>);

fn entries<T, F: FnMut(String, T)>(each: F) -> Entries<T, F> {
    Entries(each, PhantomData)
}

impl<'de, T: Deserialize<'de>, F: FnMut(String, T)> DeserializeSeed<'de> for Entries<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, map: D) -> Result<(), D::Error> {
        map.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(String, T)> Visitor<'de> for Entries<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object by SKU")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some((key, value)) = map.next_entry()? {
            (self.0)(key, value);
        }
        Ok(())
    }
}
