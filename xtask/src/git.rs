//! What git knows of the project.

use crate::command::{command, exists};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What git says, without the last line's end.
pub(crate) fn git(args: &[&str]) -> Result<String, String> {
    let shown = format!("git {}", args.join(" "));
    let output = command("git", args).output().map_err(|error| format!("{shown}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    Err(format!("{shown}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// Whether this is a checkout with at least one commit.
pub(crate) fn is_there() -> bool {
    exists("git", &["rev-parse", "--verify", "--quiet", "HEAD"])
}

fn has(commit: &str) -> bool {
    exists("git", &["rev-parse", "--verify", "--quiet", &format!("{commit}^{{commit}}")])
}

/// The commit that a change is compared with: where it left `origin/main`, or the commit before
/// where there is no such branch; `None` in a shallow clone that holds neither.
pub(crate) fn base() -> Option<String> {
    if has("origin/main") && has("HEAD~1") {
        return git(&["merge-base", "origin/main", "HEAD"]).ok();
    }
    before_head()
}

/// The commit before this one, if the clone holds it.
pub(crate) fn before_head() -> Option<String> {
    has("HEAD~1").then(|| "HEAD~1".to_owned())
}

/// The day of the last commit, UTC.
pub(crate) fn day_of_head() -> Result<Date, String> {
    let seconds = git(&["log", "-1", "--format=%ct"])?;
    let seconds = seconds.parse().map_err(|_| format!("no time of a commit: {seconds}"))?;
    let at = Timestamp::from_second(seconds).map_err(|error| error.to_string())?;
    Ok(day_of(at))
}

/// Today, UTC.
pub(crate) fn today() -> Date {
    day_of(Timestamp::now())
}

fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
