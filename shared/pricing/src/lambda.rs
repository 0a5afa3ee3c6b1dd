//! Lambda: by use, and provisioned concurrency by the hour.

use crate::book::Book;
use crate::draft::Draft;
use crate::grid::{GridName, Listing};
use domain::price::Unit;
use domain::resource::{Architecture, ConcurrencySpec, FunctionSpec};
use rust_decimal::Decimal;

/// The most memory that a function may have, in MB.
const MOST_MEMORY_MB: u32 = 10_240;

/// Storage in MB that costs nothing.
const FREE_STORAGE_MB: u32 = 512;

const MB_PER_GB: u32 = 1_024;

/// US dollars a GB-second for an empty table: above every region.
const LAST_RESORT: Decimal = Decimal::from_parts(1, 0, 0, false, 4);

impl Book {
    /// A function costs nothing until it runs: rates only.
    pub(crate) fn price_function(&self, draft: &mut Draft, function: &FunctionSpec, region: &str) {
        let (processor, label) = processor(function.architecture);
        self.lambda_rate(draft, processor, "duration", format!("Lambda {label} duration"), region);
        self.lambda_rate(draft, processor, "request", "Lambda requests".to_owned(), region);
        if function.ephemeral_storage_mb > FREE_STORAGE_MB {
            let item = "Lambda storage above 512 MB".to_owned();
            self.lambda_rate(draft, processor, "ephemeral-storage", item, region);
        }
    }

    pub(crate) fn price_concurrency(
        &self,
        draft: &mut Draft,
        spec: &ConcurrencySpec,
        region: &str,
    ) {
        let Some(function) = &spec.function_spec else {
            let usd = self.provisioned_ceiling(region);
            let reason = format!(
                "the memory of function {} is not known: reckoned with {MOST_MEMORY_MB} MB",
                spec.function.chars().take(80).collect::<String>()
            );
            return draft
                .unknown(gigabytes(spec.instances, MOST_MEMORY_MB) * usd * seconds(), reason);
        };
        let (processor, label) = processor(function.architecture);
        let memory = gigabytes(spec.instances, function.memory_mb);
        match self.listing(GridName::Lambda, &[processor, "provisioned"], region) {
            Listing::Listed(rate) => {
                let item = format!(
                    "Lambda {label} provisioned concurrency, {} × {} MB",
                    spec.instances, function.memory_mb
                );
                draft.line(item, memory, Unit::GbSecond, rate);
            }
            Listing::Missing(_) => draft.unknown(
                memory * self.provisioned_ceiling(region) * seconds(),
                format!("Lambda has no price for {region}: the dearest place that is listed"),
            ),
        }
        let item = format!("Lambda {label} duration on provisioned concurrency");
        self.lambda_rate(draft, processor, "provisioned-duration", item, region);
        self.lambda_rate(draft, processor, "request", "Lambda requests".to_owned(), region);
    }

    fn lambda_rate(
        &self,
        draft: &mut Draft,
        processor: &str,
        what: &str,
        item: String,
        region: &str,
    ) {
        let unit = if what == "request" { Unit::Request } else { Unit::GbSecond };
        if let Listing::Listed(rate) = self.listing(GridName::Lambda, &[processor, what], region) {
            draft.as_used(item, unit, rate);
        }
    }

    /// US dollars a GB-second of provisioned concurrency on the dearer processor, here or anywhere.
    fn provisioned_ceiling(&self, region: &str) -> Decimal {
        match self.listing(GridName::Lambda, &["x86", "provisioned"], region) {
            Listing::Listed(rate) => rate.usd,
            Listing::Missing(dearest) => dearest.unwrap_or(LAST_RESORT),
        }
    }
}

fn processor(architecture: Architecture) -> (&'static str, &'static str) {
    match architecture {
        Architecture::X86 => ("x86", "x86"),
        Architecture::Arm => ("arm", "Arm"),
    }
}

fn gigabytes(instances: u32, memory_mb: u32) -> Decimal {
    (Decimal::from(instances) * Decimal::from(memory_mb) / Decimal::from(MB_PER_GB)).normalize()
}

fn seconds() -> Decimal {
    Decimal::from(3_600)
}
