//! One request in, one answer out: who asks, what for, and which part of the server does it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use bytes::Bytes;
use serde_json::{Value, json};

use super::access::{Ask, User};
use super::clock::Clock;
use super::decode::{self, Strictness};
use super::fields::Managed;
use super::objects::{PatchKind, Writing};
use super::request::Request;
use super::services::{self, Services};
use super::status::{Answer, Refusal};
use super::store::{Place, Resource, Store};
use super::{discovery, listing, protobuf, strict_json, validate};

/// The server refuses a body beyond this.
const MAX_BODY: usize = 3 * 1024 * 1024;

/// The state behind the API.
#[derive(Debug, Default)]
pub struct Cluster {
    state: Mutex<State>,
    pub clock: Clock,
}

/// What a request may read and change.
#[derive(Debug, Default)]
pub struct State {
    pub store: Store,
    /// Callers by bearer token.
    pub users: BTreeMap<String, User>,
    pub services: Services,
}

impl Cluster {
    /// The state, to look at or to change from outside.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn answer(&self, request: &Request) -> Answer {
        let now = self.clock.timestamp();
        self.state().answer(request, &now).unwrap_or_else(Refusal::answer)
    }
}

impl State {
    fn answer(&mut self, request: &Request, now: &str) -> Result<Answer, Refusal> {
        let user = self.caller(request, now)?;
        if let ("GET", Some(document)) =
            (request.method.as_str(), discovery::document(&request.path))
        {
            return Ok(Answer::new(200, document));
        }
        let parts: Vec<_> = request.path.split('/').skip(1).collect();
        match parts.as_slice() {
            ["healthz" | "livez" | "readyz"] => Ok(Answer::new(200, "ok".into())),
            ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"] => {
                Self::review(request, &user, now)
            }
            ["apis", "authentication.k8s.io", "v1", "selfsubjectreviews"] => {
                let info = json!({"username": user.name, "groups": user.groups});
                Ok(Answer::new(
                    201,
                    json!({
                        "kind": "SelfSubjectReview",
                        "apiVersion": "authentication.k8s.io/v1",
                        "metadata": {"creationTimestamp": now},
                        "status": {"userInfo": info},
                    }),
                ))
            }
            ["api", "v1", "namespaces"] => {
                self.collection(request, &user, now, Resource::Namespaces, "")
            }
            ["api", "v1", "namespaces", name] => {
                self.object(request, &user, now, &Place::new(Resource::Namespaces, "", name))
            }
            ["api", "v1", plural] => self.collection(request, &user, now, known(plural)?, ""),
            ["api", "v1", "namespaces", namespace, "services", name, path @ ..]
                if request.method == "GET" =>
            {
                services::answer(&self.services, &user, namespace, name, path)
            }
            ["api", "v1", "namespaces", namespace, plural] => {
                self.collection(request, &user, now, known(plural)?, namespace)
            }
            ["api", "v1", "namespaces", namespace, plural, name] => {
                let place = Place::new(known(plural)?, namespace, name);
                self.object(request, &user, now, &place)
            }
            _ => Err(unknown_path()),
        }
    }

    fn caller(&self, request: &Request, now: &str) -> Result<User, Refusal> {
        let user = match &request.bearer {
            Some(token) => self
                .users
                .get(token)
                .cloned()
                .or_else(|| User::of_bootstrap_token(token, &self.store, now))
                .ok_or_else(Refusal::unauthorized)?,
            None if request.has_certificate => User::certified(),
            None => User::anonymous(),
        };
        let Some(name) = &request.impersonated else { return Ok(user) };
        if user.name != User::certified().name {
            let why = format!(
                "User \"{}\" cannot impersonate resource \"users\" in API group \"\" at the \
                 cluster scope",
                user.name
            );
            return Err(Refusal::forbidden("users", name, &why));
        }
        let known = self.users.values().find(|user| user.name == *name);
        Ok(known.cloned().unwrap_or_else(|| User { name: name.clone(), ..User::anonymous() }))
    }

    fn collection(
        &mut self,
        request: &Request,
        user: &User,
        now: &str,
        resource: Resource,
        namespace: &str,
    ) -> Result<Answer, Refusal> {
        let ask = |verb| Ask { verb, resource, namespace, name: "" };
        match request.method.as_str() {
            "GET" => {
                user.check(ask("list"))?;
                listing::list(&self.store, request, resource, namespace)
            }
            "POST" => {
                user.check(ask("create"))?;
                self.create(request, now, resource, namespace)
            }
            _ => Err(wrong_method()),
        }
    }

    fn object(
        &mut self,
        request: &Request,
        user: &User,
        now: &str,
        place: &Place,
    ) -> Result<Answer, Refusal> {
        let Place { resource, namespace, name } = place;
        let verb = match request.method.as_str() {
            "GET" => "get",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ => return Err(wrong_method()),
        };
        user.check(Ask { verb, resource: *resource, namespace, name })?;
        if request.body.len() > MAX_BODY {
            return Err(Refusal::too_large());
        }
        if verb == "get" {
            let found = self.store.find(place).cloned();
            let found = found.ok_or_else(|| Refusal::not_found(resource.plural(), name));
            return Ok(Answer::new(200, found?));
        }
        let mut writing = Writing {
            store: &mut self.store,
            resource: *resource,
            namespace,
            manager: request.manager(),
            dry_run: request.is_dry_run(),
            now,
        };
        match verb {
            "update" => {
                let decoded = decode::decode(
                    &json_body(request)?,
                    *resource,
                    Strictness::parse(request.option("fieldValidation")),
                )?;
                let object = writing.replace(name, decoded.object)?;
                let mut answer = Answer::new(200, object);
                answer.warnings = decoded.warnings;
                Ok(warned(answer))
            }
            "delete" => {
                let options = if request.body.is_empty() {
                    Value::Null
                } else {
                    strict_json::parse(&json_body(request)?, None)
                        .map_err(|error| Refusal::bad_request(error.to_string()))?
                        .0
                };
                writing.dry_run |= options["dryRun"] == json!(["All"]);
                writing.delete(name, &options).map(|body| Answer::new(200, body))
            }
            _ => patch(request, &mut writing, name).map(warned),
        }
    }

    fn create(
        &mut self,
        request: &Request,
        now: &str,
        resource: Resource,
        namespace: &str,
    ) -> Result<Answer, Refusal> {
        if request.body.len() > MAX_BODY {
            return Err(Refusal::too_large());
        }
        let strictness = Strictness::parse(request.option("fieldValidation"));
        let mut decoded = decode::decode(&json_body(request)?, resource, strictness)?;
        if resource == Resource::Namespaces {
            let name = decoded.object["metadata"]["name"].clone();
            decoded.object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
        }
        let mut writing = Writing {
            store: &mut self.store,
            resource,
            namespace,
            manager: request.manager(),
            dry_run: request.is_dry_run(),
            now,
        };
        let mut answer = Answer::new(201, writing.create(decoded.object)?);
        answer.warnings = decoded.warnings;
        Ok(warned(answer))
    }

    fn review(request: &Request, user: &User, now: &str) -> Result<Answer, Refusal> {
        const VERSION: &str = "authorization.k8s.io/v1";
        let (sent, _) = strict_json::parse(&json_body(request)?, None)
            .map_err(|error| Refusal::bad_request(error.to_string()))?;
        let mut managed = Managed::default();
        let spec = json!({"spec": sent["spec"]});
        managed.update(&json!({}), &spec, request.manager(), VERSION, now);
        let mut review = json!({
            "kind": "SelfSubjectAccessReview",
            "apiVersion": VERSION,
            "metadata": {},
            "spec": sent["spec"],
            "status": user.review(&sent["spec"]),
        });
        managed.write(&mut review);
        Ok(Answer::new(201, review))
    }
}

fn patch(request: &Request, writing: &mut Writing<'_>, name: &str) -> Result<Answer, Refusal> {
    let kind = match request.content_type.as_str() {
        "application/apply-patch+yaml" => {
            if request.option("fieldManager").is_none_or(str::is_empty) {
                return Err(Refusal::plain(
                    422,
                    "Invalid",
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is \
                     required for apply patch",
                ));
            }
            let force = matches!(request.option("force"), Some("true" | "1" | ""));
            let (object, is_new) = writing.apply(name, &request.body, force)?;
            return Ok(Answer::new(if is_new { 201 } else { 200 }, object));
        }
        "application/json-patch+json" => PatchKind::Json,
        "application/merge-patch+json" => PatchKind::Merge,
        "application/strategic-merge-patch+json" => PatchKind::Strategic,
        other => return Err(unsupported(other)),
    };
    writing.patch(name, kind, &request.body).map(|object| Answer::new(200, object))
}

/// The answer with the warnings that its object deserves.
fn warned(mut answer: Answer) -> Answer {
    answer.warnings.extend(validate::warnings(&answer.body));
    answer
}

/// The body as JSON, whether it came as JSON or as kubectl's protobuf.
fn json_body(request: &Request) -> Result<Bytes, Refusal> {
    match request.content_type.as_str() {
        "" | "application/json" => Ok(request.body.clone()),
        protobuf::MEDIA_TYPE => {
            let object = protobuf::to_json(&request.body).ok_or_else(|| {
                Refusal::bad_request("provided data does not appear to be protobuf")
            })?;
            Ok(object.to_string().into())
        }
        other => Err(unsupported(other)),
    }
}

fn known(plural: &str) -> Result<Resource, Refusal> {
    Resource::from_plural(plural).ok_or_else(unknown_path)
}

fn unknown_path() -> Refusal {
    Refusal::plain(404, "NotFound", "the server could not find the requested resource")
}

fn wrong_method() -> Refusal {
    Refusal::plain(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
    )
}

fn unsupported(media_type: &str) -> Refusal {
    Refusal::plain(
        415,
        "UnsupportedMediaType",
        format!(
            "the body of the request was in an unknown format ({media_type}) - accepted media \
             types include: application/json, {}",
            protobuf::MEDIA_TYPE
        ),
    )
}
