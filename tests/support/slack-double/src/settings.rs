//! What the double needs to know of the app, and how strict it is.

use loopback::Clock;
use std::time::Duration;

/// The app's id.
pub const APP_ID: &str = "A0DD0C";
/// The app's user in each workspace.
pub const BOT_USER: &str = "U0BOT";
/// The app's bot in each workspace.
pub const BOT_ID: &str = "B0DD0C";
/// The name under which the app posts.
pub const BOT_NAME: &str = "dd0c";
/// What the app signs up with, unless something else is set.
pub const CLIENT_ID: &str = "1234567890.0987654321";
/// The client secret, unless something else is set.
pub const CLIENT_SECRET: &str = "double-client-secret";
/// What requests to the app are signed with, unless something else is set.
pub const SIGNING_SECRET: &str = "double-signing-secret";
/// What the app may do.
pub const SCOPES: &str = "chat:write,commands,incoming-webhook";

/// How the double stands to the app.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the app listens: `http://127.0.0.1:3000`; commands go to `/slack/commands` there,
    /// pressed buttons to `/slack/actions`, events to `/slack/events`.
    pub app_url: Option<String>,
    /// Where the double itself is reached, for the addresses that it gives away.
    pub base_url: String,
    /// What requests to the app are signed with.
    pub signing_secret: String,
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: String,
    /// Where the installation may come back to; all where none are named.
    pub redirect_uris: Vec<String>,
    /// The slash command.
    pub command: String,
    /// Its time.
    pub clock: Clock,
    /// Within which the app has to answer.
    pub time_limit: Duration,
    /// Before each of the tries again of an event. Slack waits a moment, a minute, five minutes.
    pub retry_waits: Vec<Duration>,
    /// Whether a second message within a second and a channel is refused.
    pub one_message_a_second: bool,
    /// Whether the page that installs the app also offers a workspace that is not there yet.
    pub offers_new_workspace: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            app_url: None,
            base_url: String::new(),
            signing_secret: SIGNING_SECRET.to_owned(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            redirect_uris: Vec::new(),
            command: "/dd0c".to_owned(),
            clock: Clock::system(),
            time_limit: Duration::from_secs(3),
            retry_waits: vec![Duration::from_millis(20); 3],
            one_message_a_second: false,
            offers_new_workspace: false,
        }
    }
}
