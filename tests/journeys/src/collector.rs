//! A collector of spans on this machine: keeps all that comes, byte by byte, and says thanks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// Listens until the process ends.
#[derive(Debug, Clone)]
pub struct Collector {
    address: String,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    /// Begins to listen.
    #[expect(clippy::expect_used, reason = "a test without its collector cannot go on")]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let received = Arc::<Mutex<Vec<u8>>>::default();
        let kept = received.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                std::thread::spawn(move || while keep_request(&stream, &kept).is_some() {});
            }
        });
        Self { address: format!("http://{address}"), received }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The bodies of all requests, one after the other. Texts stand in Protobuf as they are.
    pub fn received(&self) -> String {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&received).into_owned()
    }
}

/// One request; `None` when the sender has closed.
fn keep_request(mut stream: &TcpStream, kept: &Mutex<Vec<u8>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&body);
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").ok()
}
