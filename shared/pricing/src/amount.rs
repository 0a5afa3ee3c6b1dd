//! An exact decimal figure as it stands in a price table.

use std::fmt;

/// `mantissa / 10^scale`, without trailing zeros, so that equal figures are equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Amount {
    mantissa: u64,
    scale: u8,
}

/// More decimals than any published price has; keeps every power of ten inside a `u64`.
const MAX_SCALE: u8 = 18;

impl Amount {
    pub(crate) fn new(mut mantissa: u64, mut scale: u8) -> Self {
        while scale > 0 && mantissa.is_multiple_of(10) {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// Digits with at most one point and 18 decimals; no sign, no exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let decimals = decimals.trim_end_matches('0');
        let scale = u8::try_from(decimals.len()).ok().filter(|scale| *scale <= MAX_SCALE)?;
        if whole.is_empty() {
            return None;
        }
        let mut mantissa = 0_u64;
        for digit in whole.bytes().chain(decimals.bytes()) {
            let value = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
            mantissa = mantissa.checked_mul(10)?.checked_add(value)?;
        }
        Some(Self::new(mantissa, scale))
    }

    pub(crate) fn mantissa(self) -> u64 {
        self.mantissa
    }

    pub(crate) fn scale(self) -> u8 {
        self.scale
    }

    pub(crate) fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The mantissa at another scale, where that is exact and fits.
    pub(crate) fn mantissa_at(self, scale: u8) -> Option<u64> {
        let up = scale.checked_sub(self.scale)?;
        self.mantissa.checked_mul(10_u64.checked_pow(u32::from(up))?)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        if scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        let digits = format!("{:0>width$}", self.mantissa, width = scale + 1);
        let (whole, decimals) = digits.split_at(digits.len() - scale);
        write!(f, "{whole}.{decimals}")
    }
}
