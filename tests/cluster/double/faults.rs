//! What can go wrong on the way, told in advance.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What happens to a request or its answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The connection is reset; no answer.
    Reset,
    /// The connection is closed in order; no answer.
    Close,
    /// The connection is reset and nobody listens any more, until `Double::listen(true)`.
    Vanish,
    /// The header and half of the body come, then the connection ends.
    Truncated,
    /// The answer comes after this time.
    Slow(Duration),
    /// Half of the body comes, the rest after this time.
    Drip(Duration),
    /// Bytes that are no HTTP at all.
    Garbage,
    /// An answer that is not the API server's: a proxy's error, a portal's page.
    Foreign { status: u16, content_type: &'static str, body: &'static str },
    /// A status 302 to this address.
    Redirect(&'static str),
    /// A Status object of this code, with `Retry-After` where there is one.
    Status { code: u16, retry_after: Option<u32> },
}

/// What happens to a connection, before any request is on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConnectionFault {
    /// Reset as soon as it is accepted.
    Reset,
    /// Reset when the handshake is done.
    ResetAfterHandshake,
    /// Accepted, and never a byte.
    Silent,
    /// Something that is no TLS.
    NotTls,
}

/// Which requests meet a fault.
#[derive(Clone, Debug)]
pub struct Rule {
    fault: Fault,
    method: Option<&'static str>,
    needle: Option<String>,
    skip: usize,
    times: usize,
    processed: bool,
}

/// The fault that one request meets.
#[derive(Clone, Debug)]
pub struct Met {
    pub fault: Fault,
    /// Whether the server does what was asked all the same.
    pub processed: bool,
}

/// The faults to come.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Mutex<Vec<Rule>>,
    connections: Mutex<Vec<(usize, ConnectionFault)>>,
}

impl Rule {
    /// The next request meets this fault, and is not processed.
    pub fn new(fault: Fault) -> Self {
        Self { fault, method: None, needle: None, skip: 0, times: 1, processed: false }
    }

    /// Only requests with this method.
    pub fn on(mut self, method: &'static str) -> Self {
        self.method = Some(method);
        self
    }

    /// Only requests with this text in path or query, as sent.
    pub fn at(mut self, needle: impl Into<String>) -> Self {
        self.needle = Some(needle.into());
        self
    }

    /// So many matching requests pass first.
    pub fn skip(mut self, requests: usize) -> Self {
        self.skip = requests;
        self
    }

    /// So many matching requests meet it.
    pub fn times(mut self, requests: usize) -> Self {
        self.times = requests;
        self
    }

    /// The server does what was asked; only the answer suffers.
    pub fn processed(mut self) -> Self {
        self.processed = true;
        self
    }

    fn matches(&self, method: &str, target: &str) -> bool {
        self.method.is_none_or(|wanted| wanted == method)
            && self.needle.as_ref().is_none_or(|needle| target.contains(needle.as_str()))
    }
}

impl Faults {
    pub fn add(&self, rule: Rule) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).push(rule);
    }

    /// The connection after so many others meets this.
    pub fn add_connection(&self, skip: usize, fault: ConnectionFault) {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).push((skip, fault));
    }

    pub fn clear(&self) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What this request meets; every rule that it matches counts it.
    pub fn meet(&self, method: &str, target: &str) -> Option<Met> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let mut met = None;
        for rule in rules.iter_mut().filter(|rule| rule.matches(method, target)) {
            if rule.skip > 0 {
                rule.skip -= 1;
            } else if met.is_none() && rule.times > 0 {
                rule.times -= 1;
                met = Some(Met { fault: rule.fault.clone(), processed: rule.processed });
            }
        }
        met
    }

    /// What this connection meets.
    pub fn meet_connection(&self) -> Option<ConnectionFault> {
        let mut faults = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        let at = faults.iter().position(|(skip, _)| *skip == 0);
        let met = at.map(|at| faults.remove(at).1);
        for (skip, _) in faults.iter_mut() {
            *skip = skip.saturating_sub(1);
        }
        met
    }

    /// Rules that no request has used up.
    pub fn left(&self) -> usize {
        let rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        rules.iter().filter(|rule| rule.times > 0).count() + connections.len()
    }
}
