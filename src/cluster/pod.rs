//! The cluster that this very process runs in, where it runs in a pod (client-go's
//! `inClusterClientConfig`).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use kube::config::{AuthInfo, Cluster};

use crate::sources::Inputs;

/// Where a pod finds its service account.
const FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// A pod, and where it finds its service account.
pub(super) struct Pod {
    folder: PathBuf,
    host: String,
    port: String,
    /// The namespace that the pod's own manifest tells.
    told: Option<String>,
}

impl Pod {
    /// The pod that this process runs in: there is one where the variables and the token are.
    pub(super) fn find(inputs: &Inputs) -> Option<Self> {
        let variable = |name: &str| {
            let value = inputs.variable(OsStr::new(name))?;
            Some(value.to_string_lossy().into_owned())
        };
        Self::in_folder(Path::new(FOLDER), inputs, variable)
    }

    fn in_folder(
        folder: &Path,
        inputs: &Inputs,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let given = |name| variable(name).filter(|value| !value.is_empty());
        let host = given("KUBERNETES_SERVICE_HOST")?;
        let port = given("KUBERNETES_SERVICE_PORT")?;
        if inputs.is_folder(&folder.join("token")).ok()? {
            return None;
        }
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        Some(Self { folder: folder.to_owned(), host, port, told: given("POD_NAMESPACE") })
    }

    pub(super) fn cluster(&self) -> Cluster {
        Cluster {
            server: Some(format!("https://{}:{}", self.host, self.port)),
            certificate_authority: Some(self.path("ca.crt")),
            ..Cluster::default()
        }
    }

    pub(super) fn user(&self) -> AuthInfo {
        AuthInfo { token_file: Some(self.path("token")), ..AuthInfo::default() }
    }

    pub(super) fn namespace(&self, inputs: &Inputs) -> Option<String> {
        self.told.clone().or_else(|| {
            let read = inputs.read(&self.folder.join("namespace")).ok()?;
            let namespace = read.as_text()?.trim();
            (!namespace.is_empty()).then(|| namespace.to_owned())
        })
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test's own files")]
    fn there_is_a_pod_where_variables_and_token_are() {
        let folder = std::env::temp_dir().join(format!("mksecret-pod-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let inputs = Inputs::fixed();
        let find = |host: &'static str, told: &'static str| {
            Pod::in_folder(&folder, &inputs, |name| match name {
                "KUBERNETES_SERVICE_HOST" => Some(host.to_owned()),
                "KUBERNETES_SERVICE_PORT" => Some("443".to_owned()),
                "POD_NAMESPACE" => Some(told.to_owned()),
                _ => None,
            })
        };
        assert!(find("10.0.0.1", "").is_none(), "no token");
        std::fs::write(folder.join("token"), "t").unwrap();
        std::fs::write(folder.join("namespace"), "mine\n").unwrap();
        assert!(find("", "").is_none(), "no host");
        let found = ["10.0.0.1", "fd00::1"].map(|host| find(host, "").unwrap());
        let servers = found.each_ref().map(|pod| pod.cluster().server.unwrap());
        assert_eq!(servers, ["https://10.0.0.1:443", "https://[fd00::1]:443"]);
        assert_eq!(found[0].namespace(&inputs).as_deref(), Some("mine"));
        assert_eq!(find("h", "told").unwrap().namespace(&inputs).as_deref(), Some("told"));
        let user = found[0].user();
        assert_eq!(user.token_file.as_deref(), folder.join("token").to_str());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
