//! Where a webhook may lead: to the open internet, whatever its name resolves to.

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Reads the address of a webhook; the error says what would do.
pub fn check(text: &str, local: bool) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "a webhook looks like https://example.com/path")?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let ip = host.parse::<IpAddr>().ok();
    if local && (host == "localhost" || ip.is_some_and(|ip| ip.is_loopback())) {
        return Ok(url);
    }
    if url.scheme() != "https" {
        return Err("a webhook begins with https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a webhook's address holds no user or password".to_owned());
    }
    if ip.is_some_and(|ip| !is_public(ip)) {
        return Err("a webhook leads to the open internet, not into a private network".to_owned());
    }
    Ok(url)
}

/// Resolves names, and leaves out what does not lead to the open internet: a name may be made to
/// lead to this machine.
#[derive(Debug)]
pub(crate) struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|found| is_public(found.ip())).collect();
            if public.is_empty() {
                return Err("the name does not lead to the open internet".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_public_v4(ip),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let named = ip.is_private() || ip.is_loopback() || ip.is_link_local();
    !(named || ip.is_documentation() || ip.is_multicast() || is_reserved_v4(ip))
}

/// This network, shared by carriers, assigned to protocols, for benchmarks, for later use.
const fn is_reserved_v4(ip: Ipv4Addr) -> bool {
    matches!(
        ip.octets(),
        [0 | 240..=255, ..] | [100, 64..=127, ..] | [192, 0, 0, _] | [198, 18 | 19, ..]
    )
}

/// Of the addresses that are given out, `2000::/3`, those that hold no other network.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let documentation = first == 0x2001 && second == 0xdb8;
    let teredo = first == 0x2001 && second == 0;
    let six_to_four = first == 0x2002;
    first & 0xe000 == 0x2000 && !documentation && !teredo && !six_to_four
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_leads_to_the_open_internet() {
        for good in [
            "https://example.com/hook?key=1",
            "https://93.184.215.14:8443/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(check(good, false).is_ok(), "{good}");
        }
        for bad in [
            "http://example.com/",
            "ftp://example.com/",
            "https://me:secret@example.com/",
            "https://127.0.0.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[2002:7f00:1::]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "not a url",
        ] {
            assert!(check(bad, false).is_err(), "{bad}");
        }
        assert!(check("http://127.0.0.1:9/", true).is_ok());
        assert!(check("http://example.com/", true).is_err());
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_leads_nowhere() {
        let resolved = Public.resolve("localhost".parse().unwrap()).await;
        assert!(resolved.is_err());
    }
}
