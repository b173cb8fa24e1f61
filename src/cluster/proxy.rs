//! Which proxy leads to an API server: what Go's `net/http` takes from the environment.

use std::fmt;
use std::net::IpAddr;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProxyOrigin {
    Field { cluster: String },
    Flag,
    Variable(&'static str),
}

impl ProxyOrigin {
    /// How to reach a server, whose host has a port, without the proxy.
    pub(super) fn bypass(&self, server: &str) -> String {
        let host = server.rsplit_once(':').map_or(server, |(host, _)| host);
        let how = match self {
            Self::Field { cluster } => {
                format!("remove proxy-url from cluster {cluster} of the kubeconfig")
            }
            Self::Flag => "leave out --proxy-url".to_owned(),
            Self::Variable(_) => format!("add {host} to the variable NO_PROXY"),
        };
        format!("to bypass the proxy, {how}")
    }
}

impl fmt::Display for ProxyOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { cluster } => write!(f, "proxy-url of cluster {cluster}"),
            Self::Flag => f.write_str("--proxy-url"),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// A variable that is set, and its value.
pub(super) type Variable = Option<(&'static str, String)>;

/// The variables that say how proxies are used.
#[derive(Debug, Default)]
pub(super) struct ProxyVariables {
    pub(super) https: Variable,
    pub(super) http: Variable,
    pub(super) none: Variable,
}

impl ProxyVariables {
    /// The proxy for this server. A server on this machine is never behind one (Go's
    /// `httpproxy.Config.useProxy`).
    pub(super) fn proxy_for(
        &self,
        scheme: &str,
        host: &str,
        port: u16,
    ) -> Option<(&str, ProxyOrigin)> {
        let proxy = if scheme == "https" { &self.https } else { &self.http };
        let (name, proxy) = proxy.as_ref().filter(|(_, proxy)| !proxy.is_empty())?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
            return None;
        }
        let none = self.none.as_ref().map_or("", |(_, none)| none.as_str());
        let is_exempt = none.split(',').any(|entry| exempts(entry.trim(), &host, address, port));
        (!is_exempt).then_some((proxy.as_str(), ProxyOrigin::Variable(name)))
    }
}

/// Whether an entry of `NO_PROXY` means this server.
fn exempts(entry: &str, host: &str, address: Option<IpAddr>, port: u16) -> bool {
    let entry = entry.to_ascii_lowercase();
    if entry.is_empty() {
        return false;
    }
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        let (Ok(network), Ok(bits)) = (network.parse(), bits.parse()) else { return false };
        return address.is_some_and(|address| is_in(address, network, bits));
    }
    let (name, wanted_port) = split_port(&entry);
    if wanted_port.is_some_and(|wanted| wanted != port) {
        return false;
    }
    if let Ok(wanted) = name.parse::<IpAddr>() {
        return address == Some(wanted);
    }
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
    match name.strip_prefix('.') {
        Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
        None => host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')),
    }
}

fn split_port(entry: &str) -> (&str, Option<u16>) {
    if let Some(rest) = entry.strip_prefix('[')
        && let Some((address, port)) = rest.split_once(']')
    {
        return (address, port.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match entry.split_once(':') {
        Some((name, port)) if !port.contains(':') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

/// Whether an address lies in a network of so many leading bits.
fn is_in(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let (address, network, width) = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(n)) => (u128::from(a.to_bits()), u128::from(n.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(n)) => (a.to_bits(), n.to_bits(), 128),
        _ => return false,
    };
    match width.cmp(&bits) {
        std::cmp::Ordering::Less => false,
        _ => bits == 0 || (address ^ network) >> (width - bits) == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exemptions() {
        let rows = [
            ("", "api.example.com", 443, true),
            ("*", "api.example.com", 443, false),
            ("example.com", "api.example.com", 443, false),
            ("example.com", "example.com", 443, false),
            ("ample.com", "api.example.com", 443, true),
            (".example.com", "example.com", 443, true),
            (".example.com", "api.example.com", 443, false),
            ("*.example.com", "api.example.com", 443, false),
            ("other, API.example.com:6443", "api.example.com", 6443, false),
            ("api.example.com:6443", "api.example.com", 443, true),
            ("10.0.0.0/8", "10.9.9.9", 443, false),
            ("10.0.0.0/8", "11.9.9.9", 443, true),
            ("10.0.0.0/33", "10.9.9.9", 443, true),
            ("0.0.0.0/0", "10.9.9.9", 443, false),
            ("10.9.9.9", "10.9.9.9", 443, false),
            ("fd00::/8", "[fd00::1]", 443, false),
            ("[fd00::1]:6443", "[fd00::1]", 6443, false),
            ("[fd00::1]:6443", "[fd00::1]", 443, true),
            ("", "127.0.0.1", 443, false),
            ("", "localhost", 443, false),
            ("", "[::1]", 443, false),
        ];
        for (none, host, port, through) in rows {
            let variables = ProxyVariables {
                https: Some(("HTTPS_PROXY", "http://proxy:3128".into())),
                http: None,
                none: Some(("NO_PROXY", none.into())),
            };
            let got = variables.proxy_for("https", host, port).is_some();
            assert_eq!(got, through, "NO_PROXY={none:?} for {host}:{port}");
            assert_eq!(variables.proxy_for("http", host, port), None);
        }
    }
}
