//! Chat: what people ask and press in Slack, within what is their tenant's.

mod asked;
mod command;
mod lists;
mod work;

pub(crate) use lists::{concerns, line};
pub use work::{Worked, work};

pub use asked::{Asked, Button, By, What, about};

use crate::alert::{About, ask_to_tell};
use crate::answer::{self, Given};
use crate::digest::digest_of;
use crate::error::Failure;
use crate::install;
use crate::leaving;
use crate::ports::Queue;
use crate::settings;
use command::{Command, Settle, Show, Wish};
use domain::anomaly::Anomaly;
use domain::answer::{Answer, Answered, EXPECTED_FOR};
use domain::card::Note;
use domain::decision::Severity;
use domain::governance::Asker;
use domain::ids::AccountId;
use domain::tenant::{MAX_ROUTES, Route, Settings, Zone};
use domain::told::Snooze;
use domain::words;
use jiff::{SignedDuration, Timestamp};
use store::{Leaving, Table, TenantScope};

/// Answers what was asked; `None` where the card itself is the answer.
pub async fn chat<Q: Queue>(
    table: &Table,
    alerts: &Q,
    asked: &Asked,
    now: Timestamp,
) -> Result<Option<Note>, Failure> {
    let (by, wanted) = match &asked.what {
        What::Uninstalled => {
            install::uninstalled(table, &asked.team, asked.at).await?;
            return Ok(None);
        }
        What::Command { by, text } => (by, command::read(text).map(Wanted::Command)),
        What::Press { by, button, account, anomaly } => {
            (by, Ok(Wanted::Press { button: *button, account, anomaly }))
        }
    };
    let Some(scope) = table.tenant_of_team(&asked.team).await? else {
        let why = "This workspace is not connected. Install dd0c/cost again.";
        return Ok(Some(Note::new(why)));
    };
    let room = Room { table, alerts, scope: &scope, by, at: asked.at, now };
    match wanted {
        Err(wrong) => Ok(Some(Note::new(words::capitalised(&wrong)))),
        Ok(wanted) => room.enter(wanted).await,
    }
}

enum Wanted<'a> {
    Command(Command),
    Press { button: Button, account: &'a str, anomaly: &'a str },
}

impl Wanted<'_> {
    /// Whether something would be another than before: who only looks may always.
    const fn changes(&self) -> bool {
        let looks = matches!(
            self,
            Self::Command(Command::Show(_) | Command::About(_, Wish::Details))
                | Self::Press { button: Button::Details, .. }
        );
        !looks
    }
}

/// Who asks, of which tenant, and when.
struct Room<'a, Q> {
    table: &'a Table,
    alerts: &'a Q,
    scope: &'a TenantScope,
    by: &'a By,
    /// When it was asked: what is asked twice has one effect.
    at: Timestamp,
    now: Timestamp,
}

impl<Q: Queue> Room<'_, Q> {
    /// Whose tenant is being deleted may look, and changes nothing.
    async fn enter(&self, wanted: Wanted<'_>) -> Result<Option<Note>, Failure> {
        if wanted.changes()
            && let Some(leaving) = leaving::of(self.table, self.scope).await?
        {
            return Ok(Some(being_deleted(&leaving)));
        }
        match wanted {
            Wanted::Command(command) => self.obey(command).await.map(Some),
            Wanted::Press { button, account, anomaly } => {
                self.press(button, account, anomaly).await
            }
        }
    }

    async fn obey(&self, command: Command) -> Result<Note, Failure> {
        match command {
            Command::Show(show) => self.show(show).await,
            Command::About(anomaly, wish) => match self.find(&anomaly).await? {
                Some(anomaly) => self.grant(&anomaly, wish).await,
                None => Ok(unknown_anomaly()),
            },
            Command::Settle(settle) => self.settle(settle).await,
        }
    }

    async fn show(&self, show: Show) -> Result<Note, Failure> {
        let (table, scope, now) = (self.table, self.scope, self.now);
        match show {
            Show::Status => lists::status(table, scope, now).await,
            Show::Anomalies { account, all } => {
                lists::anomalies(table, scope, (account.as_ref(), all), now).await
            }
            Show::Accounts => lists::accounts(table, scope, now).await,
            Show::Digest => digest_of(table, scope, now).await,
            Show::Help => Ok(command::help()),
        }
    }

    async fn grant(&self, anomaly: &Anomaly, wish: Wish) -> Result<Note, Failure> {
        match wish {
            Wish::Snooze(time) => self.snooze(anomaly, time).await,
            Wish::Details => Ok(lists::details(anomaly, self.now)),
            Wish::Answer(answer) => {
                let said = self.answer(anomaly, answer).await?;
                Ok(said.unwrap_or_else(|| Note::new("Done: the card says so.")))
            }
        }
    }

    async fn settle(&self, settle: Settle) -> Result<Note, Failure> {
        match settle {
            Settle::Here { account, at_least, on } => self.here(account, at_least, on).await,
            Settle::TimeZone(zone) => self.time_zone(&zone).await,
            Settle::Quiet(quiet) => {
                let said = match quiet {
                    Some(hours) => format!(
                        "Quiet hours are {hours}: alerts worth no more than knowing wait until \
                         they end."
                    ),
                    None => "There are no quiet hours any more.".to_owned(),
                };
                self.change(|settings| settings.quiet = quiet).await?;
                Ok(Note::new(said))
            }
        }
    }

    async fn press(
        &self,
        button: Button,
        account: &str,
        anomaly: &str,
    ) -> Result<Option<Note>, Failure> {
        #[expect(
            clippy::disallowed_methods,
            reason = "only compared with that of an anomaly of the tenant"
        )]
        let found = match AccountId::parse_lenient(account) {
            Ok(account) => self.find(anomaly).await?.filter(|each| each.account == account),
            Err(_) => None,
        };
        let Some(anomaly) = found else { return Ok(Some(unknown_anomaly())) };
        match (button.answer(), button.snooze()) {
            (Some(answer), _) => self.answer(&anomaly, answer).await,
            (_, Some(time)) if anomaly.is_resolved() => Ok(Some(Note::new(format!(
                "It has ended: there is nothing to snooze for {} h.",
                time.as_hours()
            )))),
            (_, Some(time)) => self.snooze(&anomaly, time).await.map(|_| None),
            (None, None) => Ok(Some(lists::details(&anomaly, self.now))),
        }
    }

    /// An anomaly of this tenant. One of another is as unknown as one that does not exist.
    async fn find(&self, id: &str) -> Result<Option<Anomaly>, Failure> {
        let Some(anomaly) = self.table.find_anomaly(id).await? else { return Ok(None) };
        let owner = self.table.owner(&anomaly.account).await?;
        Ok(owner.filter(|owner| owner.scope == *self.scope).map(|_| anomaly))
    }

    /// `None` where the card will say all of it.
    async fn answer(&self, anomaly: &Anomaly, said: Answer) -> Result<Option<Note>, Failure> {
        let answered = Answered { answer: said, by: self.by.in_words(), at: self.at };
        let until = self.at.checked_add(EXPECTED_FOR).unwrap_or(Timestamp::MAX);
        let given =
            answer::answer(self.table, &anomaly.account, &anomaly.id, &answered, until).await?;
        match given {
            Given::NoSuchAnomaly => Ok(Some(unknown_anomaly())),
            Given::Now(_) => self.tell(anomaly).await.map(|()| None),
            Given::Before => {
                // After a crash it may not have been told yet.
                self.tell(anomaly).await?;
                Ok(Some(Note::new("The same was said before: nothing has changed.")))
            }
        }
    }

    async fn snooze(&self, anomaly: &Anomaly, time: SignedDuration) -> Result<Note, Failure> {
        let until = self.at.checked_add(time).unwrap_or(Timestamp::MAX);
        let snooze = Snooze { until, by: self.by.in_words(), at: self.at };
        if !answer::snooze(self.table, self.scope, anomaly, (&self.asker(), &snooze)).await? {
            return Ok(Note::new("It has ended: there is nothing to snooze."));
        }
        self.tell(anomaly).await?;
        Ok(Note::new(format!("Snoozed until {}.", words::time(until))))
    }

    /// People are told what was done, on the card.
    async fn tell(&self, anomaly: &Anomaly) -> Result<(), Failure> {
        let about = About::Anomaly(anomaly.id.clone());
        ask_to_tell(self.alerts, &anomaly.account, [about], self.at).await.map(drop)
    }

    async fn here(
        &self,
        account: Option<AccountId>,
        at_least: Severity,
        on: bool,
    ) -> Result<Note, Failure> {
        if let Some(account) = &account
            && self.table.connection(self.scope, account).await?.is_none()
        {
            return Ok(Note::new(format!("Account {account} is not connected.")));
        }
        let of = account
            .as_ref()
            .map_or_else(|| "all accounts".to_owned(), |account| format!("account {account}"));
        let channel = self.by.channel.clone();
        if on {
            let route = Route { account, at_least, channel };
            return self.come_here(&of, route).await;
        }
        self.change(|settings| settings.leave(account.as_ref(), &channel)).await?;
        Ok(Note::new(format!("Alerts of {of} are not sent into this channel any more.")))
    }

    async fn come_here(&self, of: &str, route: Route) -> Result<Note, Failure> {
        let before = self.table.settings(self.scope).await?;
        let mut after = before.clone();
        after.route(route.clone());
        if !before.may_have(after.routes.len()) {
            return Ok(Note::new(format!(
                "{MAX_ROUTES} channels are the most. End one where it is: /dd0c here off"
            )));
        }
        self.change(|settings| settings.route(route.clone())).await?;
        let loud = match route.at_least {
            Severity::Info => "Alerts".to_owned(),
            loud => format!("Alerts from {} on", loud.code()),
        };
        Ok(Note::new(format!(
            "{loud} of {of} come into this channel. Invite me if it is private: /invite @dd0c"
        )))
    }

    async fn time_zone(&self, name: &str) -> Result<Note, Failure> {
        let zone = match Zone::parse(name) {
            Ok(zone) => zone,
            Err(error) => return Ok(Note::new(words::capitalised(&error.to_string()))),
        };
        let said = format!(
            "Your time zone is {}: there it is {} now.",
            zone.name(),
            zone.local(self.now).strftime("%H:%M")
        );
        self.change(|settings| settings.zone.clone_from(&zone)).await?;
        Ok(Note::new(said))
    }

    async fn change(&self, change: impl Fn(&mut Settings)) -> Result<(), Failure> {
        let asker = self.asker();
        settings::change(self.table, self.scope, (&asker, self.at), change).await.map(drop)
    }

    fn asker(&self) -> Asker {
        Asker::Customer(self.by.in_words())
    }
}

fn being_deleted(leaving: &Leaving) -> Note {
    Note::new(format!(
        "Everything of your team is being deleted, so that nothing can be changed. Until {} it can be \
         taken back in the dashboard.",
        words::time(leaving.purge_at)
    ))
}

fn unknown_anomaly() -> Note {
    Note::new("There is no such anomaly. /dd0c anomalies lists those that are open.")
}
