//! The program as a test holds it: started, asked over HTTP, killed.

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_dd0c-cost");

/// The program, killed at the latest when this is dropped.
pub(crate) struct Serve {
    pub(crate) process: Child,
    pub(crate) address: String,
}

impl Serve {
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        let mut process = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--format", "json", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.split("http://").nth(1).unwrap().split(';').next().unwrap().to_owned();
        // What it complains of must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address }
    }

    /// Status and body of the answer; an error if the program died meanwhile.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        body: &str,
    ) -> std::io::Result<(u16, String)> {
        self.ask_as("localhost", method, path, body)
    }

    pub(crate) fn ask_as(
        &self,
        host: &str,
        method: &str,
        path: &str,
        body: &str,
    ) -> std::io::Result<(u16, String)> {
        let answer = self.send(&format!("{method} {path}"), &[("Host", host)], body)?;
        Ok((answer.status, answer.body))
    }

    /// The whole answer to a request line such as `GET /help`; `Host` is our own address if it is not
    /// among the headers.
    pub(crate) fn send(
        &self,
        request: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        let mut head = format!("{request} HTTP/1.1\r\n");
        let defaults = [("Host", self.address.as_str()), ("Content-Type", "application/json")];
        let is_there = |name: &str| headers.iter().any(|(known, _)| *known == name);
        let missing = defaults.iter().filter(|(name, _)| !is_there(name));
        for (name, value) in headers.iter().chain(missing) {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        write!(stream, "{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }

    pub(crate) fn status(&self) -> Value {
        serde_json::from_str(&self.ask("GET", "/status", "").unwrap().1).unwrap()
    }

    /// Waits until nothing waits any more.
    pub(crate) fn rest(&self) {
        let began = Instant::now();
        while self.status()["waiting"] != json!({"events": 0, "alerts": 0}) {
            assert!(began.elapsed() < Duration::from_mins(2), "{}", self.status());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut named = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
