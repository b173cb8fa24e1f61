//! The parts of a kubeconfig as values: which fields a cluster, a user and a context have, and what
//! each of them may hold.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use kube::config::{
    AuthInfo, AuthProviderConfig, Cluster, Context, ExecConfig, ExecInteractiveMode, NamedExtension,
};
use serde_json::Value;
use zeroize::Zeroizing;

use super::base64;
use super::document::{self, Content, Node};
use super::text::text;
use crate::cluster::config_error::{ConfigError, ConfigPlace, Expected, Part};

/// The cluster's extension that a credential plugin gets (client-go's `ExtensionName`).
const PLUGIN_EXTENSION: &str = "client.authentication.k8s.io/exec";

/// A named part of a kubeconfig, or a part of that.
pub(in crate::cluster) struct Record {
    pub(in crate::cluster) part: Part,
    file: Rc<Path>,
    node: Option<Rc<Node>>,
}

impl Record {
    /// What an entry of one of the lists holds under `field`, for example `cluster`.
    pub(super) fn new(part: Part, file: &Rc<Path>, entry: &Node, field: &str) -> Self {
        Self { part, file: Rc::clone(file), node: entry.get(field).cloned() }
    }

    /// A part that no kubeconfig has.
    pub(in crate::cluster) fn absent(part: Part) -> Self {
        Self { part, file: Path::new("").into(), node: None }
    }

    /// Where a field is, or would be.
    #[expect(clippy::unnecessary_box_returns, reason = "errors hold it boxed, to stay small")]
    pub(in crate::cluster) fn place(&self, field: &str) -> Box<ConfigPlace> {
        let line = self.node.as_ref().and_then(|node| node.line_of(field));
        let file = line.is_some().then(|| self.file.to_path_buf());
        Box::new(ConfigPlace { part: self.part.clone(), file, line })
    }

    #[expect(clippy::unnecessary_box_returns, reason = "errors hold it boxed, to stay small")]
    pub(super) fn own_place(&self) -> Box<ConfigPlace> {
        let (file, line) = (self.file.to_path_buf(), self.node.as_ref().map(|node| node.line));
        Box::new(ConfigPlace { part: self.part.clone(), file: Some(file), line })
    }

    /// The cluster that it describes.
    pub(super) fn cluster(&self) -> Result<Cluster, ConfigError> {
        self.check_map()?;
        Ok(Cluster {
            server: self.text("server")?,
            tls_server_name: self.text("tls-server-name")?,
            insecure_skip_tls_verify: self.truth("insecure-skip-tls-verify")?,
            certificate_authority: self.path("certificate-authority")?,
            certificate_authority_data: self.data("certificate-authority-data")?,
            proxy_url: self.text("proxy-url")?,
            disable_compression: self.truth("disable-compression")?,
            extensions: self.plugin_extension().map(|extension| vec![extension]),
            ..Cluster::default()
        })
    }

    /// The context that it describes.
    pub(super) fn context(&self) -> Result<Context, ConfigError> {
        self.check_map()?;
        Ok(Context {
            cluster: self.text("cluster")?.unwrap_or_default(),
            user: self.text("user")?,
            namespace: self.text("namespace")?,
            ..Context::default()
        })
    }

    /// The user that it describes.
    pub(super) fn user(&self) -> Result<AuthInfo, ConfigError> {
        self.check_map()?;
        Ok(AuthInfo {
            username: self.text("username")?,
            password: self.text("password")?.map(Into::into),
            token: self.text("token")?.map(Into::into),
            token_file: self.path("tokenFile")?,
            client_certificate: self.path("client-certificate")?,
            client_certificate_data: self.data("client-certificate-data")?,
            client_key: self.path("client-key")?,
            client_key_data: self.data("client-key-data")?.map(Into::into),
            impersonate: self.text("as")?,
            impersonate_uid: self.text("as-uid")?,
            impersonate_groups: self.texts("as-groups")?,
            impersonate_user_extra: self.extra("as-user-extra")?,
            auth_provider: self.provider()?,
            exec: self.plugin()?,
            ..AuthInfo::default()
        })
    }

    fn provider(&self) -> Result<Option<AuthProviderConfig>, ConfigError> {
        let Some(inner) = self.inner("auth-provider")? else { return Ok(None) };
        let mut config = HashMap::new();
        if let Some(given) = inner.inner("config")? {
            for key in given.keys() {
                config.extend(given.text(&key)?.map(|text| (key, text)));
            }
        }
        let name = inner.text("name")?.unwrap_or_default();
        Ok(Some(AuthProviderConfig { name, config, ..AuthProviderConfig::default() }))
    }

    fn plugin(&self) -> Result<Option<ExecConfig>, ConfigError> {
        let Some(inner) = self.inner("exec")? else { return Ok(None) };
        let mode = inner.text("interactiveMode")?.filter(|mode| !mode.is_empty());
        let interactive_mode = match mode.as_deref() {
            None => None,
            Some("Never") => Some(ExecInteractiveMode::Never),
            Some("IfAvailable") => Some(ExecInteractiveMode::IfAvailable),
            Some("Always") => Some(ExecInteractiveMode::Always),
            Some(_) => return Err(inner.wrong("interactiveMode", Expected::InteractiveMode)),
        };
        let command = inner.text("command")?.map(|command| {
            // One without a separator is looked for on the PATH.
            let is_path = command.contains(['/', std::path::MAIN_SEPARATOR]);
            if is_path { self.resolve(&command) } else { command }
        });
        Ok(Some(ExecConfig {
            api_version: inner.text("apiVersion")?,
            command,
            args: inner.texts("args")?,
            env: inner.variables("env")?,
            install_hint: inner.text("installHint")?,
            interactive_mode,
            provide_cluster_info: inner.truth("provideClusterInfo")?.unwrap_or_default(),
            ..ExecConfig::default()
        }))
    }

    /// A plugin's variables. One without a name is refused, as by kubectl.
    fn variables(&self, field: &str) -> Result<Option<Vec<HashMap<String, String>>>, ConfigError> {
        let Some(list) = self.list(field, Expected::Variables)? else { return Ok(None) };
        let mut all = Vec::with_capacity(list.len());
        for node in list {
            let pair = self.at(node);
            pair.check_map()?;
            let name = pair
                .text("name")?
                .filter(|name| !name.is_empty())
                .ok_or_else(|| self.wrong(field, Expected::Variables))?;
            let value = pair.text("value")?.unwrap_or_default();
            all.push(HashMap::from([("name".to_owned(), name), ("value".to_owned(), value)]));
        }
        Ok(Some(all))
    }

    fn extra(&self, field: &str) -> Result<Option<HashMap<String, Vec<String>>>, ConfigError> {
        let Some(inner) = self.inner(field)? else { return Ok(None) };
        let mut all = HashMap::new();
        for key in inner.keys() {
            all.extend(inner.texts(&key)?.map(|texts| (key, texts)));
        }
        Ok(Some(all))
    }

    fn plugin_extension(&self) -> Option<NamedExtension> {
        let Content::List(list) = &self.node.as_ref()?.get("extensions")?.content else {
            return None;
        };
        let mut named = list.iter().filter_map(|node| Some((node.get("name")?.text()?, node)));
        let (_, found) = named.find(|(name, _)| *name == PLUGIN_EXTENSION)?;
        let mut budget = 10_000;
        let extension = json(found.get("extension")?, &mut budget)?;
        Some(NamedExtension { name: PLUGIN_EXTENSION.to_owned(), extension })
    }

    fn at(&self, node: &Rc<Node>) -> Self {
        let (part, file) = (self.part.clone(), Rc::clone(&self.file));
        Self { part, file, node: Some(Rc::clone(node)) }
    }

    /// A part with fields of its own.
    fn inner(&self, field: &str) -> Result<Option<Self>, ConfigError> {
        let Some(node) = self.field(field) else { return Ok(None) };
        match node.content {
            Content::Map(_) => Ok(Some(self.at(node))),
            _ => Err(self.wrong(field, Expected::Fields)),
        }
    }

    fn check_map(&self) -> Result<(), ConfigError> {
        match self.node.as_deref() {
            None | Some(Node { content: Content::Map(_) | Content::Null, .. }) => Ok(()),
            Some(_) => Err(ConfigError::Field {
                field: self.part.word().to_owned(),
                expected: Expected::Fields,
                place: self.own_place(),
            }),
        }
    }

    fn keys(&self) -> Vec<String> {
        let Some(Content::Map(pairs)) = self.node.as_ref().map(|node| &node.content) else {
            return Vec::new();
        };
        pairs.iter().filter_map(|(key, _)| key.text().map(str::to_owned)).collect()
    }

    /// What a field holds, if anything.
    fn field(&self, field: &str) -> Option<&Rc<Node>> {
        let node = self.node.as_ref()?.get(field)?;
        (!matches!(node.content, Content::Null)).then_some(node)
    }

    fn wrong(&self, field: &str, expected: Expected) -> ConfigError {
        ConfigError::Field { field: field.to_owned(), expected, place: self.place(field) }
    }

    fn text(&self, field: &str) -> Result<Option<String>, ConfigError> {
        match self.field(field).map(|node| &node.content) {
            None => Ok(None),
            // A number or a boolean without quotes, which kubectl refuses, is taken as written.
            Some(Content::Scalar { text, .. }) => Ok(Some(text.to_string())),
            Some(_) => Err(self.wrong(field, Expected::Text)),
        }
    }

    /// Relative paths start at the folder of their file.
    fn path(&self, field: &str) -> Result<Option<String>, ConfigError> {
        let path = self.text(field)?.filter(|path| !path.is_empty());
        Ok(path.map(|path| self.resolve(&path)))
    }

    fn resolve(&self, path: &str) -> String {
        let folder = self.file.parent().unwrap_or(Path::new(""));
        folder.join(path).to_str().map_or_else(|| path.to_owned(), str::to_owned)
    }

    /// Bytes in base64, in the form in which kube takes them.
    fn data(&self, field: &str) -> Result<Option<String>, ConfigError> {
        if let Some(Content::List(list)) = self.field(field).map(|node| &node.content) {
            // Go's decoder of JSON takes a list of numbers for bytes, too.
            let bytes = list
                .iter()
                .map(|node| node.text()?.parse::<u8>().ok())
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| self.wrong(field, Expected::Base64))?;
            return Ok(Some(base64::encode(&bytes)));
        }
        let Some(text) = self.text(field)?.map(Zeroizing::new) else { return Ok(None) };
        if is_redacted(&text) {
            // A flag may take its place.
            return Ok(Some(text.trim().to_owned()));
        }
        let bytes = base64::decode(&text).ok_or_else(|| self.wrong(field, Expected::Base64))?;
        Ok(Some(base64::encode(&bytes)))
    }

    fn truth(&self, field: &str) -> Result<Option<bool>, ConfigError> {
        let truth = match self.field(field).map(|node| &node.content) {
            None => return Ok(None),
            Some(Content::Scalar { text, is_plain: true }) => boolean(text),
            // A text, which kubectl refuses: taken where it can only mean one thing.
            Some(Content::Scalar { text, is_plain: false }) => text.parse().ok(),
            Some(_) => None,
        };
        truth.map(Some).ok_or_else(|| self.wrong(field, Expected::Truth))
    }

    fn list(&self, field: &str, expected: Expected) -> Result<Option<&[Rc<Node>]>, ConfigError> {
        match self.field(field).map(|node| &node.content) {
            None => Ok(None),
            Some(Content::List(list)) => Ok(Some(list)),
            Some(_) => Err(self.wrong(field, expected)),
        }
    }

    fn texts(&self, field: &str) -> Result<Option<Vec<String>>, ConfigError> {
        let Some(list) = self.list(field, Expected::Texts)? else { return Ok(None) };
        let texts = list.iter().map(|node| match &node.content {
            Content::Null => Ok(String::new()),
            Content::Scalar { text, .. } => Ok(text.to_string()),
            _ => Err(self.wrong(field, Expected::Texts)),
        });
        texts.collect::<Result<_, _>>().map(Some)
    }
}

/// What a credential plugin answers.
pub(in crate::cluster) struct Answer {
    pub(in crate::cluster) api_version: Option<String>,
    pub(in crate::cluster) token: Option<Zeroizing<String>>,
    /// In PEM, as its key is.
    pub(in crate::cluster) certificate: Option<Zeroizing<String>>,
    pub(in crate::cluster) key: Option<Zeroizing<String>>,
}

impl Answer {
    /// Reads an `ExecCredential`; `None` if it is something else.
    pub(in crate::cluster) fn read(output: &[u8]) -> Option<Self> {
        let text = text(output).ok()?;
        let root = document::parse(&text).ok()??;
        let is_answer =
            ["apiVersion", "kind", "status"].iter().any(|field| root.get(field).is_some());
        if !is_answer {
            return None;
        }
        let part = Part::User(String::new());
        let whole = Record { part, file: Path::new("").into(), node: Some(root) };
        let status = whole.inner("status").ok()?;
        let text = |field| match &status {
            Some(status) => Some(status.text(field).ok()?.map(Zeroizing::new)),
            None => Some(None),
        };
        Some(Self {
            api_version: whole.text("apiVersion").ok()?,
            token: text("token")?,
            certificate: text("clientCertificateData")?,
            key: text("clientKeyData")?,
        })
    }
}

/// Refuses what `kubectl config view` has put in place of a secret or of bytes.
pub(in crate::cluster) fn check_redacted(
    record: &Record,
    field: &str,
    text: &str,
) -> Result<(), ConfigError> {
    if is_redacted(text) {
        let place = record.place(field);
        return Err(ConfigError::Redacted { field: field.to_owned(), place });
    }
    Ok(())
}

/// Whether `kubectl config view` has put this in place of a secret or of bytes.
fn is_redacted(text: &str) -> bool {
    matches!(text.trim(), "REDACTED" | "DATA+OMITTED")
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "y" | "Y" | "on" | "On" | "ON" => {
            Some(true)
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "n" | "N" | "off" | "Off" | "OFF" => {
            Some(false)
        }
        _ => None,
    }
}

/// A part of a document as JSON, within so many nodes.
fn json(node: &Node, budget: &mut usize) -> Option<Value> {
    *budget = budget.checked_sub(1)?;
    Some(match &node.content {
        Content::Null => Value::Null,
        Content::List(list) => {
            Value::Array(list.iter().map(|node| json(node, budget)).collect::<Option<_>>()?)
        }
        Content::Map(pairs) => {
            let mut object = serde_json::Map::new();
            for (key, value) in pairs {
                object.insert(key.text()?.to_owned(), json(value, budget)?);
            }
            Value::Object(object)
        }
        Content::Scalar { text, is_plain } => {
            let number = || text.parse::<serde_json::Number>().ok().map(Value::Number);
            let plain = is_plain.then(|| boolean(text).map(Value::Bool).or_else(number)).flatten();
            plain.unwrap_or_else(|| Value::String(text.to_string()))
        }
    })
}
