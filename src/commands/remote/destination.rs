//! Where a Secret would go, as `mksecret new` shows it before anything is sent.

use crate::cli::Create;
use crate::cluster::{self, Subject, TargetError};
use crate::commands::new::Deed;
use crate::error::Error;
use crate::golang;
use crate::hints::Fault;
use crate::reach::ConnectionFlags;
use crate::reach::{Destination, Endpoint, Reach};
use crate::secret::Secret;
use crate::sources::Inputs;
use crate::ui::Ui;

/// The API server of a run without further targets.
pub(in crate::commands) fn endpoint(
    reach: &Reach,
    inputs: &Inputs,
) -> Result<Option<Endpoint>, Box<dyn Fault>> {
    cluster::endpoint(reach, inputs).map_err(|error| Box::new(error) as Box<dyn Fault>)
}

/// The cluster and the namespace that the Secret would go to, in a line, and what can be done there.
pub(in crate::commands) fn offers(
    create: Result<Box<Create>, Error>,
    secret: &Secret,
    inputs: &Inputs,
    ui: &Ui,
) -> (String, Vec<Deed>) {
    let found = create.and_then(|create| {
        let reach = &create.cluster.reach;
        cluster::destination(reach, inputs).map_err(|error| {
            let subject = Subject {
                name: secret.name.as_str().to_owned(),
                namespace: None,
                context: None,
                route: None,
                flags: ConnectionFlags::new(reach),
                deed: "created",
            };
            Error::from(TargetError::new(error, subject))
        })
    });
    let cannot = |why: &str| (format!("{why}, so the Secret can only be printed"), Vec::new());
    let Destination { context, server, namespace } = match found {
        Ok(Some(destination)) => destination,
        Ok(None) => return cannot("No cluster is configured"),
        Err(error) => {
            error.show(ui);
            return cannot("The cluster's configuration has an error");
        }
    };
    let namespace = secret.namespace.as_ref().map_or(&*namespace, |name| name.as_str());
    let server = golang::urls::without_userinfo(&server);
    let (cluster, line) = match context {
        Some(context) => {
            let line = format!("Cluster: context {context}, server {server}");
            (format!("context {context}"), line)
        }
        None => (server.to_string(), format!("Cluster: server {server}")),
    };
    let create = format!("Create it in namespace {namespace} of {cluster}");
    let apply = "Apply it there: create or update (--apply)".to_owned();
    (
        format!("{line}, namespace {namespace}"),
        vec![(create, &[] as &[_]), (apply, &["--apply"] as &[_])],
    )
}
