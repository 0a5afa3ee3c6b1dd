//! Who somebody is, out of what GitHub says, in the words of `OpenID` Connect.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Characters of a name, a login or an address that are kept.
const MAX_TEXT: usize = 256;

/// As `GET /user` answers.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) login: String,
    pub(crate) name: Option<String>,
    pub(crate) avatar_url: Option<String>,
}

/// As `GET /user/emails` answers.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Email {
    #[serde(rename = "email")]
    address: String,
    primary: bool,
    verified: bool,
}

/// What Cognito is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    /// GitHub's number for him: his login may change and be taken by somebody else.
    pub(crate) sub: String,
    pub(crate) name: String,
    pub(crate) preferred_username: String,
    pub(crate) picture: Option<String>,
    /// An address that GitHub has verified, and no other: who could name any would be taken for
    /// its owner.
    pub(crate) email: Option<String>,
}

impl Person {
    pub(crate) fn new(user: User, emails: Vec<Email>) -> Self {
        let own = emails.into_iter().find(|email| email.primary && email.verified);
        let name = user.name.filter(|name| !name.trim().is_empty());
        Self {
            sub: user.id.to_string(),
            name: short(name.as_deref().unwrap_or(&user.login)),
            preferred_username: short(&user.login),
            picture: user.avatar_url.filter(|url| url.starts_with("https://")),
            // An address is whole or none.
            email: own.map(|own| own.address).filter(|it| it.len() <= MAX_TEXT),
        }
    }

    /// As claims.
    pub(crate) fn claims(&self) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        say("sub", self.sub.as_str().into());
        say("name", self.name.as_str().into());
        say("preferred_username", self.preferred_username.as_str().into());
        if let Some(picture) = &self.picture {
            say("picture", picture.as_str().into());
        }
        if let Some(email) = &self.email {
            say("email", email.as_str().into());
            say("email_verified", true.into());
        }
        claims
    }
}

fn short(text: &str) -> String {
    domain::words::clean(text).chars().take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(email: &str, primary: bool, verified: bool) -> Email {
        Email { address: email.to_owned(), primary, verified }
    }

    fn person(emails: Vec<Email>) -> Person {
        let user =
            User { id: 7, login: "ana".to_owned(), name: Some(" ".to_owned()), avatar_url: None };
        Person::new(user, emails)
    }

    #[test]
    fn only_a_primary_address_that_is_verified_is_told() {
        let others =
            vec![email("chief@example.com", true, false), email("b@example.com", false, true)];
        assert_eq!(person(others).email, None);
        let own = vec![email("b@example.com", false, true), email("ana@example.com", true, true)];
        assert_eq!(person(own).email.as_deref(), Some("ana@example.com"));
        assert!(!person(vec![]).claims().contains_key("email_verified"));
    }

    #[test]
    fn who_has_said_no_name_has_his_login() {
        assert_eq!(person(vec![]).name, "ana");
    }
}
