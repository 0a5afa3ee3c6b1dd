//! The flags that the code asks for: all of them, and no others.

/// Channels of detection that can be switched off, as the domain names them. The safety net is
/// not among them and never will be: `tests/safety_net.rs`.
pub const CHANNELS: [&str; 7] =
    ["rate", "burst_dollars", "launch_rate", "novelty", "burn_ramp", "open_burn", "learned"];

/// Readers of CloudTrail calls that can be switched off: a file of `shared/cloudtrail/src` each.
pub const PARSERS: [&str; 8] =
    ["ec2", "fleet", "autoscaling", "ebs", "nat", "elastic_ip", "rds", "lambda"];

/// The flag that picks the set of thresholds.
pub const THRESHOLDS: &str = "detection.thresholds";

/// Why a record is skipped when the reader of its call is switched off, as it is counted: a reason
/// of `shared/cloudtrail/src/skip.rs`.
pub const PARSER_OFF: &str = "parser_off";

/// Name of a channel's flag.
pub fn of_channel(channel: &str) -> String {
    format!("channel.{channel}")
}

/// Name of a parser's flag.
pub fn of_parser(parser: &str) -> String {
    format!("parser.{parser}")
}

/// Names of all flags that the code asks for.
pub(crate) fn all() -> Vec<String> {
    let channels = CHANNELS.iter().map(|channel| of_channel(channel));
    let parsers = PARSERS.iter().map(|parser| of_parser(parser));
    channels.chain(parsers).chain([THRESHOLDS.to_owned()]).collect()
}

/// Whether a name is about the safety net. No flag may have such a name, known or not.
pub(crate) fn is_of_the_safety_net(name: &str) -> bool {
    let name = name.to_lowercase();
    ["safety", "net_", "_net", ".net", "floor"].iter().any(|word| name.contains(word))
}
