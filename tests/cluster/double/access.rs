//! Who asks, and what they may do.

use serde_json::{Value, json};

use super::decode::text;
use super::status::Refusal;
use super::store::{Place, Resource, Store};

/// A caller.
#[derive(Clone, Debug)]
pub struct User {
    pub name: String,
    pub groups: Vec<String>,
    pub rights: Rights,
}

/// What a caller may do.
#[derive(Clone, Debug)]
pub enum Rights {
    All,
    /// Verbs on resources, in every namespace: `("create", "secrets")`.
    Only(Vec<(String, String)>),
}

/// What a request is about, for the question whether it may be done.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub verb: &'a str,
    pub resource: Resource,
    pub namespace: &'a str,
    pub name: &'a str,
}

impl User {
    /// The holder of a client certificate: whoever has one may do everything.
    pub fn certified() -> Self {
        Self {
            name: "admin".into(),
            groups: vec!["system:masters".into(), "system:authenticated".into()],
            rights: Rights::All,
        }
    }

    pub fn anonymous() -> Self {
        Self {
            name: "system:anonymous".into(),
            groups: vec!["system:unauthenticated".into()],
            rights: Rights::Only(Vec::new()),
        }
    }

    /// The bootstrap token of a Secret in kube-system, while it lasts.
    pub fn of_bootstrap_token(token: &str, store: &Store, now: &str) -> Option<Self> {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;

        let (id, secret) = token.split_once('.')?;
        let name = format!("bootstrap-token-{id}");
        let object = store.find(&Place::new(Resource::Secrets, "kube-system", &name))?;
        let value = |key: &str| {
            let bytes = STANDARD.decode(object["data"].get(key)?.as_str()?).ok()?;
            String::from_utf8(bytes).ok()
        };
        let expires = value("expiration");
        let is_good = object["type"] == "bootstrap.kubernetes.io/token"
            && value("token-id")? == id
            && value("token-secret")? == secret
            && value("usage-bootstrap-authentication")? == "true"
            && expires.is_none_or(|expires| expires.as_str() > now);
        let groups = value("auth-extra-groups").unwrap_or_default();
        let mut all = vec!["system:bootstrappers".to_owned()];
        all.extend(groups.split(',').filter(|group| !group.is_empty()).map(str::to_owned));
        all.push("system:authenticated".into());
        let user = Self {
            name: format!("system:bootstrap:{id}"),
            groups: all,
            rights: Rights::Only(Vec::new()),
        };
        is_good.then_some(user)
    }

    pub fn check(&self, ask: Ask<'_>) -> Result<(), Refusal> {
        let plural = ask.resource.plural();
        if self.may(ask.verb, plural) {
            return Ok(());
        }
        let scope = if ask.namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace \"{}\"", ask.namespace)
        };
        let why = format!(
            "User \"{}\" cannot {} resource \"{plural}\" in API group \"\" {scope}",
            self.name, ask.verb
        );
        Err(Refusal::forbidden(plural, ask.name, &why))
    }

    /// Whether a service may be read, or asked through the proxy (`services/proxy`).
    pub fn check_service(
        &self,
        resource: &str,
        namespace: &str,
        name: &str,
    ) -> Result<(), Refusal> {
        if self.may("get", resource) {
            return Ok(());
        }
        let why = format!(
            "User \"{}\" cannot get resource \"{resource}\" in API group \"\" in the namespace \
             \"{namespace}\"",
            self.name
        );
        Err(Refusal::forbidden("services", name, &why))
    }

    fn may(&self, verb: &str, resource: &str) -> bool {
        match &self.rights {
            Rights::All => true,
            Rights::Only(rights) => {
                rights.iter().any(|(one, other)| one == verb && other == resource)
            }
        }
    }

    /// The status of a `SelfSubjectAccessReview`.
    pub fn review(&self, spec: &Value) -> Value {
        let asked = &spec["resourceAttributes"];
        json!({"allowed": self.may(text(&asked["verb"]), text(&asked["resource"]))})
    }
}
