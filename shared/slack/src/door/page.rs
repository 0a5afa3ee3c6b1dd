//! What a person sees in his browser when he installs us.

use crate::oauth::NotGranted;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use pipeline::error::Failure;
use pipeline::install::ReturnTo;

/// How an installation ends.
pub(super) enum End {
    Installed {
        team: String,
        channel: String,
    },
    UsedUp,
    Cancelled,
    OfAnother {
        team: String,
    },
    /// Less was allowed than we need.
    NotGranted(String),
    /// Slack has no time.
    Busy(String),
    /// Slack cannot be reached.
    Unreachable(String),
    /// It is ours.
    Failed(Failure),
}

impl From<NotGranted> for End {
    fn from(why: NotGranted) -> Self {
        match why {
            NotGranted::UsedUp => Self::UsedUp,
            NotGranted::TooLittle(why) => Self::NotGranted(why),
            NotGranted::Busy(why) => Self::Busy(why),
            NotGranted::Unreachable(why) => Self::Unreachable(why),
            NotGranted::Ours(why) => Self::Failed(Failure::Reject(why)),
        }
    }
}

impl End {
    /// Back to the dashboard, where there is one; else a page that says it.
    pub(super) fn shown(&self, dashboard: Option<&str>, to: ReturnTo) -> Response {
        self.log();
        match dashboard {
            Some(dashboard) => self.back_to(dashboard, to),
            None => self.page(),
        }
    }

    fn log(&self) {
        match self {
            Self::Failed(failure) => tracing::error!(why = %failure, "an installation failed"),
            Self::NotGranted(why) | Self::Busy(why) | Self::Unreachable(why) => {
                tracing::warn!(%why, "an installation came to nothing at Slack");
            }
            Self::Installed { .. } | Self::UsedUp | Self::Cancelled | Self::OfAnother { .. } => {}
        }
    }

    /// One word for what went wrong; the dashboard has the sentence.
    const fn why_not(&self) -> Option<&'static str> {
        match self {
            Self::Installed { .. } => None,
            Self::UsedUp => Some("link_used_up"),
            Self::Cancelled => Some("cancelled"),
            Self::OfAnother { .. } => Some("workspace_of_another"),
            Self::NotGranted(_) => Some("not_granted"),
            Self::Busy(_) => Some("busy"),
            Self::Unreachable(_) => Some("unavailable"),
            Self::Failed(_) => Some("failed"),
        }
    }

    fn back_to(&self, dashboard: &str, to: ReturnTo) -> Response {
        let end = self
            .why_not()
            .map_or_else(|| "slack=connected".to_owned(), |why| format!("slack=failed&why={why}"));
        let (dashboard, page) = (dashboard.trim_end_matches('/'), to.code());
        let to = format!("{dashboard}/dashboard/{page}?{end}");
        let headers = [(LOCATION, to), (CACHE_CONTROL, "no-store".to_owned())];
        (StatusCode::SEE_OTHER, headers).into_response()
    }

    fn page(&self) -> Response {
        let (status, title) = self.head();
        page(status, title, &self.text())
    }

    const fn head(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Installed { .. } => (StatusCode::OK, "Connected"),
            Self::UsedUp => (StatusCode::BAD_REQUEST, "The link does not hold any more"),
            Self::Cancelled => (StatusCode::OK, "Not connected"),
            Self::OfAnother { .. } => (StatusCode::CONFLICT, "Not connected"),
            Self::NotGranted(_) => (StatusCode::FORBIDDEN, "Not connected"),
            Self::Busy(_) | Self::Unreachable(_) => (StatusCode::BAD_GATEWAY, "Not connected"),
            Self::Failed(_) => (StatusCode::SERVICE_UNAVAILABLE, "Not connected"),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Installed { team, channel } => format!(
                "dd0c/cost is in the workspace {team} and writes to {channel}. Say /dd0c status \
                 there. You may close this page."
            ),
            Self::UsedUp => "This link has been used, or is older than ten minutes, or was opened \
                             in another browser. Ask for a new one and open it here."
                .to_owned(),
            Self::Cancelled => "You did not let dd0c/cost in, so nothing has changed. The same \
                                link holds until it is ten minutes old."
                .to_owned(),
            Self::OfAnother { team } => format!(
                "The workspace {team} is connected to another customer of dd0c/cost. Remove the \
                 app there first, or choose another workspace."
            ),
            Self::NotGranted(why) => format!(
                "dd0c/cost may do less in the workspace than it needs: {why}. Ask for a new link, and \
                 allow all that Slack lists."
            ),
            Self::Busy(_) => {
                "Slack had no time to answer. Ask for a new link and try it again in a \
                              minute."
                    .to_owned()
            }
            Self::Unreachable(_) => {
                "Slack could not be reached. Ask for a new link and try it again \
                                     in a minute."
                    .to_owned()
            }
            Self::Failed(_) => {
                "Something of ours does not work just now. Please try it again in a \
                                minute."
                    .to_owned()
            }
        }
    }
}

fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let (title, text) = (escaped(title), escaped(text));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>dd0c/cost: {title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n</html>\n"
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    (status, headers, html).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
