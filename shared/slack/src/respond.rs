//! Answers to what somebody asked, by the address that Slack gave with the question: five times
//! within half an hour.

use crate::blocks::Message;
use crate::client::json;
use crate::error::SlackError;
use crate::transport::{Transport, refused};
use domain::card::Note;
use outbound::is_local;
use pipeline::error::Failure;
use pipeline::ports::Respond;
use reqwest::{StatusCode, Url};
use serde::Serialize;

/// Answers questions.
#[derive(Debug)]
pub struct Responder {
    transport: Transport,
}

#[derive(Serialize)]
struct Answer<'a> {
    response_type: &'static str,
    replace_original: bool,
    #[serde(flatten)]
    message: &'a Message,
}

impl Responder {
    /// With the base of Slack's Web API: where that is a double on this machine, so are the addresses
    /// of answers.
    pub fn new(api_url: &str) -> Self {
        let local = Url::parse(api_url).is_ok_and(|api| is_local(&api));
        Self { transport: Transport::new(local) }
    }

    /// Posts to the address. Only who asked sees it. An address that is used up or too old is no failure:
    /// nobody waits for the answer any more; says whether it was taken.
    async fn post(&self, response_url: &str, message: &Message) -> Result<bool, SlackError> {
        let url = Url::parse(response_url).map_err(|error| refused(&error))?;
        if !self.is_slack(&url) {
            return Err(refused(&"the address of the answer is none of Slack's"));
        }
        let answer = Answer { response_type: "ephemeral", replace_original: false, message };
        let request = json(self.transport.post(url)?, &answer)?;
        let answered = self.transport.send(request).await?;
        match answered.status {
            status if status.is_success() => Ok(true),
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(false),
            status => Err(refused(&format!("Slack answers {status} to an answer"))),
        }
    }

    fn is_slack(&self, url: &Url) -> bool {
        if self.transport.local {
            return is_local(url);
        }
        url.scheme() == "https" && url.host_str() == Some("hooks.slack.com")
    }
}

impl Respond for Responder {
    async fn respond(&self, url: &str, note: &Note) -> Result<bool, Failure> {
        Ok(self.post(url, &Message::note(note)).await?)
    }
}
