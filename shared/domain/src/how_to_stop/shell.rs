//! Commands of the AWS CLI, one line each, safe for a shell whatever somebody called his resource.

use crate::ids::Region;
use crate::words;
use std::fmt;

/// A command under construction.
#[derive(Debug, Clone)]
pub(crate) struct Command(String);

impl Command {
    /// `aws ec2 stop-instances --region eu-west-1`
    pub(crate) fn new(words: &str, region: &Region) -> Self {
        Self(format!("aws {words}")).with("--region", region.as_str())
    }

    /// Words of our own, as they are.
    #[must_use]
    pub(crate) fn and(self, words: &str) -> Self {
        Self(format!("{} {words}", self.0))
    }

    /// An option with a value from outside. With `=` one that begins with a dash is no option.
    #[must_use]
    pub(crate) fn with(self, option: &str, value: &str) -> Self {
        let join = if value.starts_with('-') { '=' } else { ' ' };
        Self(format!("{} {option}{join}{}", self.0, quoted(value)))
    }

    /// An option with several values from outside.
    #[must_use]
    pub(crate) fn with_all(self, option: &str, values: &[&str]) -> Self {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.and(&format!("{option} {}", values.join(" ")))
    }

    /// An option whose value another command looks up, which prints one word.
    #[must_use]
    pub(crate) fn with_answer(self, option: &str, lookup: &Self) -> Self {
        self.and(&format!("{option} \"$({lookup})\""))
    }

    /// An option whose values another command looks up, which prints several words.
    #[must_use]
    pub(crate) fn with_answers(self, option: &str, lookup: &Self) -> Self {
        self.and(&format!("{option} $({lookup})"))
    }

    /// Prints a part of the answer only.
    #[must_use]
    pub(crate) fn query(self, expression: &str) -> Self {
        self.and(&format!("--query '{expression}' --output text"))
    }
}

impl From<Command> for String {
    fn from(command: Command) -> Self {
        command.0
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a name that a person chose can stand on a command line: cards show no hidden characters,
/// and the CLI reads `file://` and `https://` as places of the value, `--` as none, and what begins
/// like JSON as that.
pub(crate) fn can_be_typed(name: &str) -> bool {
    let is_odd = matches!(name, "" | "--") || name.contains("://") || name.starts_with(['[', '{']);
    !is_odd && words::clean(name) == name
}

/// Whether a name looks like an id that AWS made: `i-0abc`, `203.0.113.7`.
pub(crate) fn is_id(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(plain)
}

/// A name as one word for a shell.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
    if !name.is_empty() && name.chars().all(plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(name: &str) -> String {
        let region = Region::parse("eu-west-1").unwrap();
        Command::new("rds x", &region).with("--name", name).to_string()
    }

    #[test]
    fn a_hostile_name_stays_one_word() {
        assert_eq!(quoted("i-0abc"), "i-0abc");
        assert_eq!(quoted("x; rm -rf ~"), "'x; rm -rf ~'");
        assert_eq!(quoted("a'b"), "'a'\\''b'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_name_that_begins_with_a_dash_is_no_option() {
        assert_eq!(command("-x"), "aws rds x --region eu-west-1 --name=-x");
        assert_eq!(command("--no-dry-run;"), "aws rds x --region eu-west-1 --name='--no-dry-run;'");
    }

    #[test]
    fn a_name_that_is_a_place_for_the_cli_or_not_to_be_seen_cannot_be_typed() {
        for name in
            ["", "--", "file:///etc/passwd", "https://example.invalid", "a\nb", "a\u{202e}b"]
        {
            assert!(!can_be_typed(name), "{name:?}");
        }
        assert!(can_be_typed("größe 'x' $(y)"));
        assert!(is_id("i-0abc") && is_id("203.0.113.7"));
        assert!(!is_id("-x") && !is_id("a,b") && !is_id("[]") && !is_id(""));
    }
}
