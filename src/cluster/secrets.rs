//! The Secrets of a cluster, for who checks them.

use serde::de::IgnoredAny;
use tokio::runtime::Builder;

use super::client::Connection;
use super::config_error::ConfigError;
use super::error::{ClusterError, Verb};
use super::exec::Plugins;
use super::kubeconfig::Files;
use super::pages::{Page, PagedList, pages};
use super::requests::segment;
use super::subject::Subject;
use super::target_error::TargetError;
use crate::reach::{ConnectionFlags, Reach, SecretsOf};
use crate::sources::Inputs;

/// Secrets in a page: with the largest that an API server stores, an answer stays below its limit.
const PAGE: usize = 20;

/// A part of a list of Secrets.
pub(crate) enum SecretsPage<'a> {
    Body(&'a [u8]),
    /// What came before is not to be used.
    Restarted,
}

/// Lists Secrets, page by page.
pub(crate) fn secrets(
    reach: &Reach,
    of: SecretsOf<'_>,
    inputs: &Inputs,
    each: &mut (dyn FnMut(SecretsPage<'_>) + Send),
) -> Result<(), Box<TargetError>> {
    let mut subject = Subject {
        name: String::new(),
        namespace: of.namespace.map(str::to_owned),
        context: None,
        route: None,
        flags: ConnectionFlags::new(reach),
        deed: "read",
    };
    let listed = list(reach, of, inputs, &mut subject, each);
    listed.map_err(|error| Box::new(TargetError::new(error, subject)))
}

fn list(
    reach: &Reach,
    of: SecretsOf<'_>,
    inputs: &Inputs,
    subject: &mut Subject,
    each: &mut (dyn FnMut(SecretsPage<'_>) + Send),
) -> Result<(), ClusterError> {
    let no_runtime = |_| ConfigError::Kube { words: "no thread can be started".to_owned() };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(no_runtime)?;
    runtime.block_on(async {
        let mut resolved = Files::read(reach, inputs)?.settle(reach, None, inputs)?;
        resolved.log_in(&Plugins::default()).await?;
        let connection = Connection::new(resolved, reach.request_timeout, None)?;
        subject.route = Some(connection.route.clone());
        let namespace = of.namespace.unwrap_or(&connection.namespace);
        let path = if of.all_namespaces {
            "/api/v1/secrets".to_owned()
        } else {
            subject.namespace = Some(namespace.to_owned());
            format!("/api/v1/namespaces/{}/secrets", segment(namespace))
        };
        let list = PagedList {
            path: &path,
            selector: of.selector,
            page: PAGE,
            kind: "SecretList",
            verb: Verb::ListSecrets,
        };
        // The bodies are read by those who check them.
        pages(&connection, list, &mut |page: Page<'_, IgnoredAny>| {
            each(match page {
                Page::Objects(_, body) => SecretsPage::Body(body),
                Page::Restarted => SecretsPage::Restarted,
            });
        })
        .await
    })
}
