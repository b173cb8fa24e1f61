//! A request as the API sees it, whatever it came over.

use bytes::Bytes;

/// What was asked, by whom.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    /// Decoded.
    pub path: String,
    /// Decoded, in order.
    pub query: Vec<(String, String)>,
    pub content_type: String,
    pub user_agent: String,
    pub bearer: Option<String>,
    pub has_certificate: bool,
    pub impersonated: Option<String>,
    pub body: Bytes,
}

impl Request {
    pub fn option(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn is_dry_run(&self) -> bool {
        self.option("dryRun") == Some("All")
    }

    /// The field manager: the one named, else the first word of the user agent.
    pub fn manager(&self) -> &str {
        match self.option("fieldManager") {
            Some(name) if !name.is_empty() => name,
            _ => match self.user_agent.split('/').next() {
                None | Some("") => "unknown",
                Some(name) => name,
            },
        }
    }
}
