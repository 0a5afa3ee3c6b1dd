//! What a tenant has settled for himself: his time zone, when he wants to be left alone, and which
//! channel is told of what.

use crate::decision::Severity;
use crate::ids::AccountId;
use crate::sealed::Sealed;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use std::fmt;

/// The settings of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// For the digest, for quiet hours, and to show times.
    pub zone: Zone,
    /// When alerts worth no more than knowing wait.
    pub quiet: Option<QuietHours>,
    /// Which channel is told of what; the first that fits.
    pub routes: Vec<Route>,
    /// A receiver of the tenant's own.
    pub webhook: Option<Webhook>,
}

/// A tenant's own receiver of every change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where to; `https`.
    pub url: String,
    /// Signs what is sent.
    pub key: Sealed,
}

/// A time zone of the IANA list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

/// Why a setting is refused, and what would do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// Not a name of the IANA list.
    #[error("no time zone {0:?}: a name looks like Europe/Berlin, America/New_York or UTC")]
    Zone(String),
    /// Not a span of hours.
    #[error("quiet hours look like 22:00-07:00, not {0:?}")]
    QuietHours(String),
    /// Not an id of a channel, which its name is not either.
    #[error("a channel's id looks like C0123456789, not {0:?}")]
    Channel(String),
}

impl Zone {
    /// From its name, such as `Europe/Berlin`.
    pub fn parse(name: &str) -> Result<Self, SettingError> {
        let unknown = || SettingError::Zone(name.chars().take(40).collect());
        let zone = TimeZone::get(name).map_err(|_| unknown())?;
        let name = zone.iana_name().ok_or_else(unknown)?.to_owned();
        Ok(Self { name, zone })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A moment there.
    pub fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    /// The next moment after this one at which the clock there shows a time. On a day that has no
    /// such time, the first after it.
    pub fn next(&self, time: Time, after: Timestamp) -> Timestamp {
        let today = self.local(after).date();
        let days = [today, today.saturating_add(1.day()), today.saturating_add(2.days())];
        // When the clocks go back an hour comes twice.
        let moments = days.into_iter().flat_map(|day| {
            let moment = self.zone.to_ambiguous_zoned(day.to_datetime(time));
            [moment.clone().compatible(), moment.later()]
        });
        let mut moments = moments.filter_map(|moment| Some(moment.ok()?.timestamp()));
        moments.find(|moment| *moment > after).unwrap_or(Timestamp::MAX)
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }
}

/// Hours of each day, local time. The end may stand before the beginning: then midnight lies within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
}

impl QuietHours {
    /// From `22:00-07:00`.
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        let wrong = || SettingError::QuietHours(text.chars().take(40).collect());
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).map_err(|_| wrong());
        let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let (from, to) = (time(from)?, time(to)?);
        if from == to { Err(wrong()) } else { Ok(Self { from, to }) }
    }

    /// The end of the quiet that a moment lies in; `None` where it lies in none.
    pub fn quiet_until(self, zone: &Zone, at: Timestamp) -> Option<Timestamp> {
        let now = zone.local(at).time();
        let quiet = if self.from < self.to {
            self.from <= now && now < self.to
        } else {
            self.from <= now || now < self.to
        };
        quiet.then(|| zone.next(self.to, at))
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.strftime("%H:%M"), self.to.strftime("%H:%M"))
    }
}

/// Channels that alerts may go to besides the first.
pub const MAX_ROUTES: usize = 20;

/// Which alerts a channel gets. What is `None` fits all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Of this account only.
    pub account: Option<AccountId>,
    /// At least this loud.
    pub at_least: Severity,
    /// The channel's id.
    pub channel: String,
}

/// The characters of a channel's id: Slack names no limit, and has eleven today.
const CHANNEL_LENGTH: std::ops::RangeInclusive<usize> = 3..=64;

impl Route {
    /// To a channel of Slack by its id. Direct messages have one, too: `/dd0c here` may be said there.
    pub fn new(
        account: Option<AccountId>,
        at_least: Severity,
        channel: &str,
    ) -> Result<Self, SettingError> {
        let known = channel.starts_with(['C', 'G', 'D']);
        let plain = channel.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !known || !plain || !CHANNEL_LENGTH.contains(&channel.len()) {
            return Err(SettingError::Channel(channel.chars().take(40).collect()));
        }
        Ok(Self { account, at_least, channel: channel.to_owned() })
    }

    /// Whether both are about the same: of two such routes one would never be taken.
    pub fn rivals(&self, other: &Self) -> bool {
        (&self.account, self.at_least) == (&other.account, other.at_least)
    }
}

impl Settings {
    /// Whether there may be so many routes from now on. Where there are more from before, who leaves
    /// their number as it is or makes it smaller is not refused for those that stay.
    pub fn may_have(&self, routes: usize) -> bool {
        routes <= MAX_ROUTES.max(self.routes.len())
    }

    /// The channel that an alert is for; `None` for the one that was chosen at the installation.
    /// What is about one account comes before what is about all, what is for louder alerts before
    /// what is for all.
    pub fn channel_for(&self, account: &AccountId, severity: Severity) -> Option<&str> {
        let fits = |route: &&Route| {
            severity >= route.at_least
                && route.account.as_ref().is_none_or(|of_route| of_route == account)
        };
        let best = self.routes.iter().filter(fits);
        best.max_by_key(|route| (route.account.is_some(), route.at_least))
            .map(|route| route.channel.as_str())
    }

    /// Sends alerts to a channel, in place of the route that was about the same.
    pub fn route(&mut self, route: Route) {
        self.unroute(route.account.as_ref(), Some(route.at_least));
        self.routes.push(route);
    }

    /// Sends alerts of an account, or of all, into this channel no more.
    pub fn leave(&mut self, account: Option<&AccountId>, channel: &str) {
        self.routes.retain(|route| route.account.as_ref() != account || route.channel != channel);
    }

    /// Takes routes away: those of an account or of all, for one loudness or for any; how many.
    pub fn unroute(&mut self, account: Option<&AccountId>, at_least: Option<Severity>) -> usize {
        let before = self.routes.len();
        self.routes.retain(|route| {
            route.account.as_ref() != account
                || at_least.is_some_and(|severity| severity != route.at_least)
        });
        before - self.routes.len()
    }

    /// Until when an alert of this loudness has to wait.
    pub fn quiet_until(&self, severity: Severity, at: Timestamp) -> Option<Timestamp> {
        let quiet = self.quiet.filter(|_| severity == Severity::Info)?;
        quiet.quiet_until(&self.zone, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn account(digit: char) -> AccountId {
        AccountId::parse(&digit.to_string().repeat(12)).unwrap()
    }

    #[test]
    fn quiet_hours_lie_around_midnight_of_the_tenant_s_own_zone() {
        let settings = Settings {
            zone: Zone::parse("Europe/Berlin").unwrap(),
            quiet: Some(QuietHours::parse("22:00-07:00").unwrap()),
            ..Settings::default()
        };
        let until = |severity, moment| settings.quiet_until(severity, at(moment));
        // 22:30 in Berlin in summer.
        let morning = Some(at("2026-06-02T05:00:00Z"));
        assert_eq!(until(Severity::Info, "2026-06-01T20:30:00Z"), morning);
        assert_eq!(until(Severity::Info, "2026-06-02T04:59:59Z"), morning);
        assert_eq!(until(Severity::Info, "2026-06-02T05:00:00Z"), None);
        assert_eq!(until(Severity::Info, "2026-06-01T19:59:00Z"), None);
        assert_eq!(until(Severity::Warning, "2026-06-01T20:30:00Z"), None);
        let midday = QuietHours::parse("12:00 - 13:30").unwrap();
        assert_eq!(midday.to_string(), "12:00-13:30");
        let utc = Zone::default();
        assert_eq!(
            midday.quiet_until(&utc, at("2026-06-01T12:00:00Z")),
            Some(at("2026-06-01T13:30:00Z"))
        );
        for wrong in ["", "22:00", "25:00-07:00", "07:00-07:00", "22-7", "a-b"] {
            assert!(QuietHours::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn nine_o_clock_is_nine_o_clock_when_the_clocks_change() {
        let berlin = Zone::parse("europe/berlin").unwrap();
        assert_eq!(berlin.name(), "Europe/Berlin");
        let nine = Time::constant(9, 0, 0, 0);
        assert_eq!(berlin.next(nine, at("2026-03-27T08:00:00Z")), at("2026-03-28T08:00:00Z"));
        assert_eq!(berlin.next(nine, at("2026-03-28T08:00:00Z")), at("2026-03-29T07:00:00Z"));
        // Half past two does not exist on that day.
        let half_past_two = Time::constant(2, 30, 0, 0);
        assert_eq!(
            berlin.next(half_past_two, at("2026-03-28T12:00:00Z")),
            at("2026-03-29T01:30:00Z")
        );
        // And that hour comes twice on this one.
        let again = berlin.next(half_past_two, at("2026-10-25T00:45:00Z"));
        assert_eq!(again, at("2026-10-25T01:30:00Z"));
        assert!(Zone::parse("Berlin").is_err() && Zone::parse("").is_err());
        assert_eq!(Zone::parse("UTC").unwrap(), Zone::default());
    }

    #[test]
    fn a_route_leads_to_an_id_of_slack_s() {
        for id in ["C0123456789", "G0123456789", "D0123456789", "C0A"] {
            let route = Route::new(None, Severity::Info, id).unwrap();
            assert_eq!((route.channel.as_str(), route.account), (id, None));
        }
        let long = format!("C{}", "0".repeat(64));
        for wrong in ["", "C", "#cost", "cost-alerts", "c0123456789", "U0123456789", "C0 1", &long]
        {
            let refused = Route::new(Some(account('1')), Severity::Info, wrong);
            assert!(matches!(refused, Err(SettingError::Channel(_))), "{wrong:?}");
        }
        let route = |account, at_least| Route::new(account, at_least, "C0ONE").unwrap();
        let one = route(Some(account('1')), Severity::Info);
        assert!(one.rivals(&Route { channel: "C0OTHER".to_owned(), ..one.clone() }));
        assert!(!one.rivals(&route(Some(account('1')), Severity::Critical)));
        assert!(!one.rivals(&route(None, Severity::Info)));
    }

    #[test]
    fn the_narrowest_route_wins() {
        let mut settings = Settings::default();
        let route = |account, at_least, channel: &str| Route {
            account,
            at_least,
            channel: channel.to_owned(),
        };
        settings.route(route(None, Severity::Critical, "C0ALARM"));
        settings.route(route(Some(account('1')), Severity::Info, "C0ONE"));
        settings.route(route(None, Severity::Info, "C0OLD"));
        settings.route(route(None, Severity::Info, "C0ALL"));
        let channel = |digit, severity| settings.channel_for(&account(digit), severity);
        assert_eq!(channel('2', Severity::Info), Some("C0ALL"));
        assert_eq!(channel('2', Severity::Critical), Some("C0ALARM"));
        assert_eq!(channel('1', Severity::Critical), Some("C0ONE"));
        let mut settings = settings.clone();
        assert_eq!(settings.unroute(None, None), 2);
        assert_eq!(settings.channel_for(&account('2'), Severity::Critical), None);
        assert_eq!(settings.unroute(Some(&account('1')), None), 1);
    }
}
