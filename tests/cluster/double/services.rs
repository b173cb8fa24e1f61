//! Services, as far as the controller of Sealed Secrets is behind one: the Service itself, and
//! `/v1/cert.pem` through the API server's proxy.

use std::collections::BTreeMap;

use serde_json::json;

use super::access::User;
use super::status::{Answer, Refusal};

/// Services by namespace and name.
pub type Services = BTreeMap<(String, String), Service>;

/// A service with the controller behind it.
#[derive(Clone, Debug)]
pub struct Service {
    /// The name of its first port, empty for none.
    pub port: String,
    /// What `/v1/cert.pem` answers.
    pub certificate: String,
    /// Whether a pod is behind it.
    pub has_endpoints: bool,
}

/// Answers for `…/services/NAME` and `…/services/NAME/proxy/PATH`.
pub fn answer(
    services: &Services,
    user: &User,
    namespace: &str,
    name: &str,
    path: &[&str],
) -> Result<Answer, Refusal> {
    let find = |name: &str| services.get(&(namespace.to_owned(), name.to_owned()));
    let not_found = |name: &str| Refusal::not_found("services", name);
    let ["proxy", path @ ..] = path else {
        user.check_service("services", namespace, name)?;
        let service = find(name).ok_or_else(|| not_found(name))?;
        let mut port = json!({"protocol": "TCP", "port": 8080, "targetPort": 8080});
        if !service.port.is_empty() {
            port["name"] = service.port.as_str().into();
        }
        return Ok(Answer::new(
            200,
            json!({
                "kind": "Service",
                "apiVersion": "v1",
                "metadata": {"name": name, "namespace": namespace},
                "spec": {"ports": [port, {"name": "metrics", "protocol": "TCP", "port": 8081}]},
            }),
        ));
    };
    user.check_service("services/proxy", namespace, name)?;
    // `scheme:name:port`, as the proxy subresource takes it.
    let parts: Vec<_> = name.split(':').collect();
    let (id, port) = match parts.as_slice() {
        [id] => (*id, ""),
        ["http", id, port] => (*id, *port),
        _ => return Err(Refusal::bad_request(format!("invalid service request \"{name}\""))),
    };
    let service = find(id).ok_or_else(|| not_found(id))?;
    let unavailable = |message: String| Refusal::plain(503, "ServiceUnavailable", message);
    if service.port != port {
        return Err(unavailable(format!("no service port \"{port}\" found for service \"{id}\"")));
    }
    if !service.has_endpoints {
        return Err(unavailable(format!("no endpoints available for service \"{name}\"")));
    }
    match path {
        ["v1", "cert.pem"] => Ok(Answer::text("application/x-pem-file", &service.certificate)),
        _ => {
            Err(Refusal::plain(404, "NotFound", "the server could not find the requested resource"))
        }
    }
}
