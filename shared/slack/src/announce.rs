//! What the pipeline tells people, as messages: a card for an anomaly, answers in its thread, the
//! card changed as things change.

use crate::blocks::Message;
use crate::client::{Posted, Slack, Updated};
use crate::error::{LONGEST_WAIT, SlackError};
use domain::anomaly::{Fold, MessageAt};
use domain::card::{Card, Digest, Folded, Resolved};
use domain::cost_event::CostEvent;
use domain::watch::WatchEvent;
use jiff::Timestamp;
use pipeline::error::Failure;
use pipeline::notify::Notice;
use pipeline::ports::Announce;

impl Announce for &Slack {
    async fn announce(
        &mut self,
        notice: &Notice,
        opening: Option<&CostEvent>,
    ) -> Result<Option<MessageAt>, Failure> {
        let anomaly = notice.anomaly();
        let at = anomaly.told.message.as_ref().map(posted).unwrap_or_default();
        let card = opening.map(|event| Card::new(anomaly, event));
        match notice {
            Notice::Alert { event, fold: Fold::New, .. } => {
                let card = Card::new(anomaly, event).told_at(Timestamp::now());
                Ok(message_at(self.post(&Message::alert(&card)).await?))
            }
            Notice::Alert { event, fold: Fold::Folded { escalated }, .. } => {
                let changed = card.map(|card| Message::alert(&card));
                let answer = Message::folded(&Folded::new(anomaly, event, *escalated));
                self.change_and_answer(at, changed, &answer).await
            }
            Notice::Resolved { .. } => {
                let Some(end) = Resolved::new(anomaly) else { return Ok(None) };
                let changed = card.map(|card| Message::alert_resolved(&card, &end));
                self.change_and_answer(at, changed, &Message::resolved(&end)).await
            }
        }
    }

    async fn warn(&mut self, event: &WatchEvent) -> Result<(), Failure> {
        Ok(self.post(&Message::warning(event)).await.map(drop)?)
    }

    async fn digest(&mut self, digest: &Digest) -> Result<(), Failure> {
        Ok(self.post(&Message::digest(digest)).await.map(drop)?)
    }
}

impl Slack {
    /// The card first: to change it twice is no harm, to answer twice is noise.
    async fn change_and_answer(
        &self,
        mut at: Posted,
        changed: Option<Message>,
        answer: &Message,
    ) -> Result<Option<MessageAt>, Failure> {
        if let Some(changed) = changed.filter(|_| at.is_known())
            && let Updated::Anew(anew) = self.update(&at, &changed).await?
        {
            at = anew;
        }
        let answered = self.reply(&at, answer).await?;
        Ok(message_at(if at.is_known() { at } else { answered }))
    }
}

fn posted(at: &MessageAt) -> Posted {
    Posted { channel: at.channel.clone(), ts: at.id.clone() }
}

fn message_at(posted: Posted) -> Option<MessageAt> {
    posted.is_known().then_some(MessageAt { channel: posted.channel, id: posted.ts })
}

impl From<SlackError> for Failure {
    fn from(error: SlackError) -> Self {
        let text = error.to_string();
        match error {
            SlackError::RateLimited { after } => Self::Later(after, text),
            SlackError::Busy(_) => Self::Retry(text),
            SlackError::Refused(_) => Self::Later(LONGEST_WAIT, text),
            SlackError::Faulty(_) => Self::Reject(text),
        }
    }
}
