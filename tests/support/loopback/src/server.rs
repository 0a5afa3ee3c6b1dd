//! Servers that end with who has started them, and that nobody outside reaches.

use axum::Router;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Any port of this machine that is free.
pub const FREE_PORT: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));

/// Listens at an address, and says where that is as `http://127.0.0.1:PORT`. One that others could reach
/// is refused.
pub async fn bind(address: SocketAddr) -> io::Result<(String, TcpListener)> {
    if !address.ip().is_loopback() {
        return Err(io::Error::other(format!("{address} can be reached from outside")));
    }
    let listener = TcpListener::bind(address).await?;
    Ok((format!("http://{}", listener.local_addr()?), listener))
}

/// A running server; it ends when it is dropped.
#[derive(Debug)]
pub struct Server(JoinHandle<()>);

impl Server {
    /// Answers what comes to a listener.
    pub fn start(listener: TcpListener, routes: Router) -> Self {
        Self(tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                eprintln!("a double ended: {error}");
            }
        }))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn what_others_could_reach_is_refused() {
        for outside in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
            let error = bind(outside.parse().unwrap()).await.unwrap_err().to_string();
            assert!(error.contains("can be reached from outside"), "{error}");
        }
    }

    #[tokio::test]
    async fn it_ends_when_it_is_dropped() {
        let (url, listener) = bind(FREE_PORT).await.unwrap();
        let address = url.strip_prefix("http://").unwrap().to_owned();
        let server = Server::start(listener, Router::new());
        TcpStream::connect(&address).await.unwrap();
        drop(server);
        tokio::task::yield_now().await;
        TcpStream::connect(&address).await.unwrap_err();
    }
}
