//! Answers as AWS writes them, each service in its own way.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};

/// How a service says yes and no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Ec2,
    Query,
    Json,
    Rest,
}

pub(crate) type Answer = Response<Body>;

pub(crate) fn xml(body: String) -> Answer {
    with(StatusCode::OK, "text/xml", None, body)
}

pub(crate) fn document(body: &Value) -> Answer {
    with(StatusCode::OK, "application/json", None, body.to_string())
}

/// A refusal with AWS's code. Its text names a role, as AWS's do.
pub(crate) fn refusal(manner: Manner, status: u16, code: &str) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let text = "User: arn:aws:sts::111122223333:assumed-role/planted-in-an-error is not authorized";
    match manner {
        Manner::Ec2 => {
            let error = format!("<Error><Code>{code}</Code><Message>{text}</Message></Error>");
            let body = format!(
                "<?xml version=\"1.0\"?><Response><Errors>{error}</Errors><RequestID>r</RequestID></Response>"
            );
            with(status, "text/xml", None, body)
        }
        Manner::Query => {
            let error = format!("<Type>Sender</Type><Code>{code}</Code><Message>{text}</Message>");
            let body = format!(
                "<ErrorResponse xmlns=\"https://example.invalid/doc/\"><Error>{error}</Error><RequestId>r</RequestId></ErrorResponse>"
            );
            with(status, "text/xml", None, body)
        }
        Manner::Json => {
            let body = json!({"__type": format!("com.amazonaws.example#{code}"), "message": text});
            with(status, "application/x-amz-json-1.1", None, body.to_string())
        }
        Manner::Rest => {
            let body = json!({"Message": text, "Type": "User"}).to_string();
            with(status, "application/json", Some(code), body)
        }
    }
}

pub(crate) fn with(status: StatusCode, kind: &str, error: Option<&str>, body: String) -> Answer {
    let mut response = Response::builder().status(status).header("content-type", kind);
    if let Some(error) = error {
        response = response.header("x-amzn-errortype", format!("{error}:http://example.invalid/"));
    }
    response.body(Body::from(body)).unwrap_or_default()
}
