//! Secrets as files of SOPS.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::certificate::variable;
use crate::cli::{Common, Format, SopsRequest};
use crate::error::Error;
use crate::hints::Fault;
use crate::manifest::Document;
use crate::seal::sops::config::{self, ConfigError, Found, Keys, RuleMatch, Selector, SelectorKey};
use crate::seal::sops::{self, Encryption, Item, NotRead, WITH_SOPS, verify};
use crate::secret::Secret;
use crate::secret::manifest::{Node, ValuesIn, manifest};
use crate::sources::{Inputs, shown_path, system_words};
use crate::ui::Ui;
use crate::validate::Finding;

/// Which values are encrypted, unless the rule says otherwise.
const SELECTOR: &str = "^(data|stringData)$";
/// The columns of a level of YAML, unless `.sops.yaml` says otherwise.
const INDENT: usize = 4;

/// Encrypts for the recipients of a rule or of the command line.
pub(in crate::commands) struct SopsSealer {
    keys: Keys,
    selector: Selector,
    mac_only_encrypted: bool,
    yaml_indent: usize,
}

impl SopsSealer {
    /// Finds the rule of `.sops.yaml` and the recipients.
    pub(super) fn new(request: &SopsRequest, inputs: &Inputs, ui: &Ui) -> Result<Self, Error> {
        let Found { config, ignored } =
            config::find(inputs, request.file.as_deref()).map_err(SopsFault::Config)?;
        if let Some(path) = ignored {
            ui.warning(&format!(
                "{} is ignored, as by sops: it must be called .sops.yaml",
                shown_path(&path)
            ));
        }
        let yaml_indent = config.as_ref().and_then(|config| config.yaml_indent).unwrap_or(INDENT);
        let given = given_keys(request, inputs);
        let (rule, unfit) = match config {
            Some(config) => match config.rule {
                RuleMatch::Found(rule) => (Some(rule), None),
                RuleMatch::NoneFits => (None, Some(config.path)),
                RuleMatch::NoRules => (None, None),
            },
            None => (None, None),
        };
        let (of_rule, selector, mac_only_encrypted, place) = match rule {
            Some(rule) => {
                (Some(rule.keys), rule.selector, rule.mac_only_encrypted, Some(rule.place))
            }
            None => (None, None, false, None),
        };
        let keys = match (given, of_rule) {
            (Some(given), _) => given,
            (None, Some(keys)) => keys.map_err(SopsFault::Config)?,
            (None, None) => {
                let file = request.file.clone();
                return Err(SopsFault::NoKeys { config: unfit, file }.into());
            }
        };
        if let (true, Some(place)) = (keys.age.is_empty() && keys.pgp.is_empty(), &place) {
            return Err(SopsFault::RuleWithoutKeys { place: place.to_string() }.into());
        }
        let selector = if let Some(selector) = selector {
            selector
        } else {
            if let Some(place) = place {
                ui.status(&format!(
                    "note: the rule has no selector, so sops would encrypt everything; mksecret \
                     uses encrypted_regex {SELECTOR} ({place})"
                ));
            }
            Selector::new(SelectorKey::EncryptedRegex, SELECTOR).map_err(SopsFault::Selector)?
        };
        Ok(Self { keys, selector, mac_only_encrypted, yaml_indent })
    }

    pub(super) fn check(&self, secret: &Secret, common: &Common) -> Result<Vec<Finding>, Error> {
        let values_in = values_in(common);
        let node = manifest(secret, values_in);
        self.verify(&sops::of_node(&node, true))?;
        Ok(sops::findings(secret, values_in == ValuesIn::StringData))
    }

    fn verify(&self, root: &Item<'_>) -> Result<(), Error> {
        Ok(verify(root, &|path| self.selector.is_encrypted(path))?)
    }

    /// The Secret as a file of SOPS.
    pub(super) fn print(
        &self,
        secret: &Secret,
        common: &Common,
        inputs: &Inputs,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let is_json = common.format == Format::Json;
        let node = manifest(secret, values_in(common));
        self.encrypt(sops::of_node(&node, !is_json), is_json, inputs)
    }

    /// A manifest that is built, encrypted in the order in which it is printed.
    pub(in crate::commands) fn print_node(
        &self,
        node: &Node<'_>,
        common: &Common,
        inputs: &Inputs,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let is_json = common.format == Format::Json;
        let root = sops::of_node(node, !is_json);
        self.verify(&root)?;
        self.encrypt(root, is_json, inputs)
    }

    /// A manifest as it is written, encrypted; `comments` are those before its first line `---`.
    pub(in crate::commands) fn print_document(
        &self,
        document: &Document<'_>,
        comments: &[&str],
        is_json: bool,
        inputs: &Inputs,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let root = sops::of_document(document, comments, is_json).map_err(SopsFault::Document)?;
        self.verify(&root)?;
        self.encrypt(root, is_json, inputs)
    }

    fn encrypt(
        &self,
        root: Item<'_>,
        is_json: bool,
        inputs: &Inputs,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut data_key = Zeroizing::new([0; 32]);
        inputs.random(data_key.as_mut_slice()).map_err(SopsFault::Random)?;
        let keys = self.keys.wrap(&data_key, inputs)?;
        let encryption = Encryption {
            data_key,
            is_encrypted: &|path| self.selector.is_encrypted(path),
            selector: (self.selector.key().as_str(), self.selector.text()),
            mac_only_encrypted: self.mac_only_encrypted,
            now: inputs.now(),
            random: &|bytes| inputs.random(bytes),
        };
        let file = sops::encrypt(root, &keys, &encryption).map_err(SopsFault::Random)?;
        let mut out = Zeroizing::new(Vec::new());
        if is_json {
            file.write_json(&mut out);
        } else {
            file.write_yaml(self.yaml_indent, &mut out);
        }
        Ok(out)
    }
}

fn values_in(common: &Common) -> ValuesIn {
    if common.string_data { ValuesIn::StringData } else { ValuesIn::Data }
}

/// The recipients of the command line, else of the environment; they replace those of a rule.
fn given_keys(request: &SopsRequest, inputs: &Inputs) -> Option<Keys> {
    if !request.age.is_empty() || !request.pgp.is_empty() {
        return Some(Keys { age: request.age.clone(), pgp: request.pgp.clone() });
    }
    let list = |name| {
        let value = variable(name, inputs).unwrap_or_default();
        let words = value.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let keys = Keys { age: list("SOPS_AGE_RECIPIENTS"), pgp: list("SOPS_PGP_FP") };
    (!keys.age.is_empty() || !keys.pgp.is_empty()).then_some(keys)
}

/// Why SOPS cannot encrypt, or is not to.
#[derive(Debug, thiserror::Error)]
enum SopsFault {
    #[error("{0}")]
    Config(ConfigError),
    #[error("SOPS cannot encrypt the manifest: {0}")]
    Document(NotRead),
    #[error("--sops: no recipient{}", no_keys(config.as_deref(), file.as_deref()))]
    NoKeys { config: Option<PathBuf>, file: Option<PathBuf> },
    #[error("cannot encrypt: {}", system_words(.0))]
    Random(std::io::Error),
    #[error("--sops: the rule names no recipient ({place})")]
    RuleWithoutKeys { place: String },
    #[error("{0}")]
    Selector(crate::golang::regexps::RegexpFault),
}

fn no_keys(config: Option<&std::path::Path>, file: Option<&std::path::Path>) -> String {
    match (config, file) {
        (Some(config), Some(file)) => {
            format!(": no rule of {} matches {}", shown_path(config), shown_path(file))
        }
        (Some(config), None) => {
            format!(
                ": {} has no rule without a path_regex, and no file is named",
                shown_path(config)
            )
        }
        (None, _) => ", and no .sops.yaml was found".to_owned(),
    }
}

impl Fault for SopsFault {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Config(error) => {
                let mut hints = error.hints();
                if error.needs_sops() {
                    hints.push(WITH_SOPS.to_owned());
                }
                hints
            }
            Self::Document(
                NotRead::Boolean { .. } | NotRead::Number { .. } | NotRead::Time { .. },
            ) => {
                vec!["put it in quotes".to_owned()]
            }
            Self::NoKeys { config: Some(_), file: None } => {
                vec!["name the file: --sops=FILE, or a recipient: --age=RECIPIENT".to_owned()]
            }
            Self::NoKeys { .. } | Self::RuleWithoutKeys { .. } => {
                vec!["pass one: --age=RECIPIENT or --pgp=FINGERPRINT".to_owned()]
            }
            Self::Document(_) | Self::Random(_) | Self::Selector(_) => Vec::new(),
        }
    }
}
