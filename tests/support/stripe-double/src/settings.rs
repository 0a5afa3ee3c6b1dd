//! What the double needs to know of the app.

use loopback::Clock;
use std::time::Duration;

/// The app's key, unless something else is set.
pub const API_KEY: &str = "rk_test_double";
/// What is told to the app is signed with it, unless something else is set.
pub const WEBHOOK_SECRET: &str = "whsec_double";
/// The one price, for an account and month, unless something else is set.
pub const PRICE: &str = "price_double";
/// What is paid at once.
pub const PERIOD: Duration = Duration::from_hours(30 * 24);

/// How the double stands to the app.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the app is told what has changed: `http://127.0.0.1:3000/stripe/webhook`.
    pub webhook_url: Option<String>,
    /// Where the double itself is reached, for the addresses of its pages.
    pub base_url: String,
    /// The app's key.
    pub api_key: String,
    /// What is told to the app is signed with it.
    pub webhook_secret: String,
    /// The one price.
    pub price: String,
    /// Its time.
    pub clock: Clock,
    /// Whether what changes is told at once, or when [`deliver`](crate::StripeState::deliver) is
    /// called.
    pub tell_at_once: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            webhook_url: None,
            base_url: String::new(),
            api_key: API_KEY.to_owned(),
            webhook_secret: WEBHOOK_SECRET.to_owned(),
            price: PRICE.to_owned(),
            clock: Clock::system(),
            tell_at_once: false,
        }
    }
}
