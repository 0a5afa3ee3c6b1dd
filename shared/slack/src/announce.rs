//! What the pipeline tells people, as messages: a card for an anomaly, answers in its thread, the
//! card changed as things change.

use crate::blocks::{Message, sign};
use crate::client::{Posted, Slack, Updated};
use crate::error::SlackError;
use domain::anomaly::{Anomaly, Fold};
use domain::card::{Card, Folded, Note, Resolved, answer_text, snooze_text};
use domain::cost_event::CostEvent;
use domain::told::MessageAt;
use domain::watch::WatchEvent;
use domain::words;
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::notify::Notice;
use pipeline::ports::Announce;
use std::time::Duration;

/// How long a post waits for its own address: the message stands already.
const LINK_WAIT: Duration = Duration::from_millis(1_500);

impl Announce for Slack {
    async fn announce(
        &mut self,
        notice: &Notice,
        opening: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        // A clock that is behind must not show a snooze that is over.
        let (anomaly, now) = (notice.anomaly(), Timestamp::now().max(notice.at()));
        if let Notice::Alert { event, fold: Fold::New, .. } = notice {
            let opening = opening.unwrap_or(event);
            let card = Card::new(anomaly, opening, now).told_at(now);
            let posted = self.post(&Message::alert(&card)).await?;
            return Ok(self.message_at(posted).await);
        }
        let Some(answer) = answer(notice, now) else { return Ok(None) };
        let at = anomaly.told.message.as_ref();
        let changed = opening.map(|event| Message::alert(&Card::new(anomaly, event, now)));
        self.change_and_answer(at, changed, &answer).await
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        Ok(self.post(&Message::warning(event)).await.map(drop)?)
    }

    async fn digest(&mut self, digest: &Note) -> Result<(), Failure> {
        Ok(self.post(&Message::note(digest)).await.map(drop)?)
    }
}

/// What stands in the thread of the card.
fn answer(notice: &Notice, now: Timestamp) -> Option<Message> {
    let anomaly = notice.anomaly();
    let said = |sign: &str, line: &str| Some(Message::said(sign, line, &anomaly.id));
    match notice {
        Notice::Alert { event, fold, alerts, .. } => {
            let escalated = *fold == Fold::Folded { escalated: true };
            Some(Message::folded(&Folded::new(anomaly, event, (*alerts, escalated))))
        }
        Notice::Resolved { .. } => Resolved::new(anomaly).map(|end| Message::resolved(&end)),
        Notice::Answered { answered, .. } => said("💬", &answer_text(answered)),
        Notice::Snoozed { snooze, .. } => said("💤", &format!("Snoozed. {}", snooze_text(snooze))),
        Notice::Awake { alerts, .. } => said(sign(anomaly.severity), &awake(anomaly, *alerts, now)),
    }
}

/// `The snooze is over and it still runs: $4.06/h, $12.18 so far; 3 further alerts meanwhile`
fn awake(anomaly: &Anomaly, alerts: u64, now: Timestamp) -> String {
    let meanwhile = match alerts {
        0 => String::new(),
        n => format!("; {} meanwhile", words::counted(n, "further alert")),
    };
    format!(
        "The snooze is over and it still runs: {}/h, {} so far{meanwhile}",
        anomaly.open.rate.usd().display(),
        anomaly.spent(now).display(),
    )
}

impl Slack {
    /// The card first: to change it twice is no harm, to answer twice is noise.
    async fn change_and_answer(
        &self,
        at: Option<&MessageAt>,
        changed: Option<Message>,
        answer: &Message,
    ) -> Result<Option<MessageAt>, Failure> {
        let mut posted = at.map(posted).unwrap_or_default();
        let mut moved = false;
        if let Some(changed) = changed.filter(|_| posted.is_known())
            && let Updated::Anew(anew) = self.update(&posted, &changed).await?
        {
            (posted, moved) = (anew, true);
        }
        let answered = self.reply(&posted, answer).await?;
        match posted.is_known() {
            true if moved => Ok(self.message_at(posted).await),
            true => Ok(at.cloned()),
            false => Ok(self.message_at(answered).await),
        }
    }

    /// Where a message stands. Its address is asked for; without one nothing is lost but a link.
    async fn message_at(&self, posted: Posted) -> Option<MessageAt> {
        if !posted.is_known() {
            return None;
        }
        let asked = tokio::time::timeout(LINK_WAIT, self.permalink(&posted)).await;
        let permalink = asked.ok().and_then(Result::ok);
        Some(MessageAt { channel: posted.channel, id: posted.ts, permalink })
    }
}

fn posted(at: &MessageAt) -> Posted {
    Posted { channel: at.channel.clone(), ts: at.id.clone() }
}

impl From<SlackError> for Failure {
    fn from(error: SlackError) -> Self {
        let text = error.to_string();
        match error {
            SlackError::RateLimited { after } => Self::Later(after, text),
            SlackError::Busy(_) | SlackError::Unreachable(_) => Self::Retry(text),
            SlackError::Refused(_) => Self::Closed(text),
            SlackError::Gone(_) => Self::Gone(text),
            SlackError::Faulty(_) => Self::Reject(text),
        }
    }
}
