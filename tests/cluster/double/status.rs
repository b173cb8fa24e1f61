//! Refusals as the API server words them: objects of kind Status. Every text here is taken from a
//! recorded exchange, or follows the same constructor of apimachinery's `api/errors`.

use serde_json::{Map, Value, json};

/// What a request is answered with.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body.
    pub body: Value,
    /// Texts of `Warning` headers.
    pub warnings: Vec<String>,
    /// A media type and a text in place of JSON.
    pub text: Option<(&'static str, String)>,
}

/// A refused request; becomes a Status object.
#[derive(Debug)]
pub struct Refusal {
    code: u16,
    reason: &'static str,
    message: String,
    details: Option<Box<Value>>,
}

/// One broken rule of an object (apimachinery's `field.Error`).
#[derive(Debug)]
pub struct FieldError {
    reason: &'static str,
    message: String,
    field: String,
}

/// One claim of a server-side apply on what another manager holds.
#[derive(Debug)]
pub struct Conflict {
    /// The manager as messages name it, quoted.
    pub manager: String,
    /// The field, as `.data.a`.
    pub path: String,
}

impl Answer {
    pub fn new(status: u16, body: Value) -> Self {
        Self { status, body, warnings: Vec::new(), text: None }
    }

    /// A text that something behind the server answers.
    pub fn text(media_type: &'static str, text: &str) -> Self {
        Self { text: Some((media_type, text.to_owned())), ..Self::new(200, Value::Null) }
    }
}

impl Refusal {
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::plain(400, "BadRequest", message)
    }

    /// A refusal without details.
    pub fn plain(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self { code, reason, message: message.into(), details: None }
    }

    pub fn unauthorized() -> Self {
        Self::plain(401, "Unauthorized", "Unauthorized")
    }

    pub fn too_large() -> Self {
        Self::plain(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728")
    }

    pub fn not_found(plural: &str, name: &str) -> Self {
        let message = format!("{plural} \"{name}\" not found");
        Self::plain(404, "NotFound", message).about(name, plural)
    }

    pub fn already_exists(plural: &str, name: &str) -> Self {
        let message = format!("{plural} \"{name}\" already exists");
        Self::plain(409, "AlreadyExists", message).about(name, plural)
    }

    /// The object is not at the version the caller had.
    pub fn moved(plural: &str, name: &str) -> Self {
        Self::conflict(
            plural,
            name,
            "the object has been modified; please apply your changes to the latest version and \
             try again",
        )
    }

    /// An optimistic lock failed; `kind` is the plural, or for a delete's preconditions the kind.
    pub fn conflict(kind: &str, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {kind} \"{name}\": {why}");
        Self::plain(409, "Conflict", message).about(name, kind)
    }

    /// The caller may not do this; `name` is empty where the request names no object.
    pub fn forbidden(plural: &str, name: &str, why: &str) -> Self {
        let mut details = Map::new();
        let subject = if name.is_empty() {
            plural.to_owned()
        } else {
            details.insert("name".into(), name.into());
            format!("{plural} \"{name}\"")
        };
        details.insert("kind".into(), plural.into());
        let mut refusal = Self::plain(403, "Forbidden", format!("{subject} is forbidden: {why}"));
        refusal.details = Some(Box::new(details.into()));
        refusal
    }

    /// A create in a namespace that is being removed.
    pub fn terminating(plural: &str, name: &str, namespace: &str) -> Self {
        let why = format!(
            "unable to create new content in namespace {namespace} because it is being terminated"
        );
        let mut refusal = Self::forbidden(plural, name, &why);
        if let Some(details) = refusal.details.as_mut() {
            details["causes"] = json!([{
                "reason": "NamespaceTerminating",
                "message": format!("namespace {namespace} is being terminated"),
                "field": "metadata.namespace",
            }]);
        }
        refusal
    }

    /// The object breaks rules; the caller has at least one.
    pub fn invalid(kind: &str, name: &str, errors: &[FieldError]) -> Self {
        let texts: Vec<_> =
            errors.iter().map(|one| format!("{}: {}", one.field, one.message)).collect();
        let list = match texts.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let causes: Vec<_> = errors
            .iter()
            .map(|one| json!({"reason": one.reason, "message": one.message, "field": one.field}))
            .collect();
        let mut refusal =
            Self::plain(422, "Invalid", format!("{kind} \"{name}\" is invalid: {list}"))
                .about(name, kind);
        if let Some(details) = refusal.details.as_mut() {
            details["causes"] = causes.into();
        }
        refusal
    }

    /// A server-side apply claims what others hold.
    pub fn apply_conflict(conflicts: &[Conflict]) -> Self {
        let message = if let [one] = conflicts {
            format!("Apply failed with 1 conflict: conflict with {}: {}", one.manager, one.path)
        } else {
            let mut lines = Vec::new();
            let mut last = "";
            for one in conflicts {
                if one.manager != last {
                    lines.push(format!("conflicts with {}:", one.manager));
                    last = &one.manager;
                }
                lines.push(format!("- {}", one.path));
            }
            format!("Apply failed with {} conflicts: {}", conflicts.len(), lines.join("\n"))
        };
        let causes: Vec<_> = conflicts
            .iter()
            .map(|one| {
                json!({
                    "reason": "FieldManagerConflict",
                    "message": format!("conflict with {}", one.manager),
                    "field": one.path,
                })
            })
            .collect();
        let mut refusal = Self::plain(409, "Conflict", message);
        refusal.details = Some(Box::new(json!({"causes": causes})));
        refusal
    }

    fn about(mut self, name: &str, kind: &str) -> Self {
        self.details = Some(Box::new(json!({"name": name, "kind": kind})));
        self
    }

    pub fn answer(self) -> Answer {
        let mut body = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
        });
        if !self.reason.is_empty() {
            body["reason"] = self.reason.into();
        }
        if let Some(details) = self.details {
            body["details"] = *details;
        }
        body["code"] = self.code.into();
        Answer::new(self.code, body)
    }
}

impl FieldError {
    pub fn required(field: impl Into<String>) -> Self {
        Self { reason: "FieldValueRequired", message: "Required value".into(), field: field.into() }
    }

    pub fn required_because(field: impl Into<String>, why: &str) -> Self {
        Self { message: format!("Required value: {why}"), ..Self::required(field) }
    }

    pub fn invalid(field: impl Into<String>, value: &str, why: &str) -> Self {
        let message = format!("Invalid value: \"{value}\": {why}");
        Self { reason: "FieldValueInvalid", message, field: field.into() }
    }

    pub fn forbidden(field: impl Into<String>, why: &str) -> Self {
        let message = format!("Forbidden: {why}");
        Self { reason: "FieldValueForbidden", message, field: field.into() }
    }

    pub fn too_long(field: impl Into<String>, limit: usize) -> Self {
        let message = format!("Too long: may not be more than {limit} bytes");
        Self { reason: "FieldValueTooLong", message, field: field.into() }
    }
}
