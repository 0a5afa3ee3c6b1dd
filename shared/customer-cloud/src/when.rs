//! Times as AWS writes them.

use jiff::Timestamp;
use serde_json::Value;

/// `2026-06-01T00:00:00.000Z`
pub(crate) fn iso(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Seconds since 1970, with a fraction, as JSON services write them.
pub(crate) fn seconds(value: &Value) -> Option<Timestamp> {
    millis_of(value.as_f64()? * 1_000.0)
}

/// Milliseconds since 1970.
pub(crate) fn millis(value: &Value) -> Option<Timestamp> {
    Timestamp::from_millisecond(value.as_i64()?).ok()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float too large becomes a time that is refused"
)]
fn millis_of(millis: f64) -> Option<Timestamp> {
    millis.is_finite().then(|| Timestamp::from_millisecond(millis as i64).ok())?
}

/// From `User initiated (2026-01-02 03:04:05 GMT)`.
pub(crate) fn in_reason(text: &str) -> Option<Timestamp> {
    let inside = text.rsplit_once('(')?.1.strip_suffix(')')?;
    let (day, rest) = inside.split_once(' ')?;
    let (time, zone) = rest.split_once(' ')?;
    matches!(zone, "GMT" | "UTC").then(|| iso(&format!("{day}T{time}Z")))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_way_to_write_a_time_is_read() {
        let at: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        assert_eq!(iso("2026-01-02T03:04:05.000Z"), Some(at));
        assert_eq!(seconds(&json!(at.as_second())), Some(at));
        assert_eq!(seconds(&json!(1_767_323_045.0)), Some(at));
        assert_eq!(millis(&json!(at.as_millisecond())), Some(at));
        assert_eq!(in_reason("User initiated (2026-01-02 03:04:05 GMT)"), Some(at));
        for odd in
            ["", "User initiated", "(2026)", "(x y GMT)", "Server.Spot (2026-01-02 03:04:05 PST)"]
        {
            assert_eq!(in_reason(odd), None, "{odd}");
        }
        assert_eq!(seconds(&json!(1e300)), None);
        assert_eq!(seconds(&json!("soon")), None);
    }
}
