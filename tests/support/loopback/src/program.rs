//! A double as a program: where it listens and what else it was asked for, and until when it serves.

use crate::FREE_PORT;
use std::error::Error;
use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::thread;

/// What a program was asked for on its command line: `[--listen 127.0.0.1:0] [--until-eof]`, and what
/// else it takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// Where to listen; any free port where nothing was said.
    pub listen: SocketAddr,
    until_eof: bool,
    further: Vec<(String, String)>,
}

impl Program {
    /// Reads the command line of this process. `further` names what else takes a value; the error is how
    /// it is used.
    pub fn read(usage: &str, further: &[&str]) -> Result<Self, Box<dyn Error>> {
        Self::of(std::env::args().skip(1), further).ok_or_else(|| usage.into())
    }

    fn of(mut words: impl Iterator<Item = String>, further: &[&str]) -> Option<Self> {
        let mut read = Self { listen: FREE_PORT, until_eof: false, further: Vec::new() };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--until-eof" => read.until_eof = true,
                "--listen" => read.listen = words.next()?.parse().ok()?,
                word if further.contains(&word) => {
                    read.further.push((word.to_owned(), words.next()?));
                }
                _ => return None,
            }
        }
        Some(read)
    }

    /// The value that was given with a word: the last one.
    pub fn value(&self, word: &str) -> Option<&str> {
        self.values(word).last()
    }

    /// All that were given with a word.
    pub fn values(&self, word: &str) -> impl Iterator<Item = &str> {
        let given = self.further.iter().filter(move |(name, _)| name == word);
        given.map(|(_, value)| value.as_str())
    }

    /// Says on standard output in one line where it is, and never returns: it ends when it is ended, or
    /// with its standard input, so that it does not outlive who started it.
    pub async fn go_on(&self, said: impl Display) -> io::Result<()> {
        let mut out = io::stdout();
        writeln!(out, "{said}")?;
        out.flush()?;
        if self.until_eof {
            thread::spawn(end_with_input);
        }
        std::future::pending().await
    }
}

fn end_with_input() {
    let mut byte = [0];
    while io::stdin().read(&mut byte).is_ok_and(|read| read > 0) {}
    std::process::exit(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &str) -> Option<Program> {
        Program::of(words.split_whitespace().map(str::to_owned), &["--app"])
    }

    #[test]
    fn what_is_asked_for_is_read_and_anything_else_refused() {
        assert_eq!(of("").unwrap().listen, FREE_PORT);
        let read = of("--listen 127.0.0.1:4711 --app one --until-eof --app two").unwrap();
        assert_eq!(read.listen.port(), 4711);
        assert_eq!((read.value("--app"), read.until_eof), (Some("two"), true));
        for wrong in ["--app", "--listen", "--listen here", "--more", "word"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
