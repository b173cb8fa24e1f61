//! `--image`: whether a kubelet finds a login for an image, and in which order it tries several.

use super::DockerError;
use super::finding::LoginsFinding;
use crate::flags::{self, Flag, List};
use crate::kinds::Servers;
use crate::material::docker_config::{DockerConfig, Form, plain_text};
use crate::material::docker_server::Server;
use crate::material::image::ImageName;
use crate::material::keyring::{Keyring, nearest};
use crate::sources::{Origin, bytes_of};
use crate::types::build::{Build, Built};

pub(super) const IMAGE: Flag<List> =
    flags::list("image", "IMAGE", "Require a login for this image [repeatable]");

/// The images that are named, with their flags.
pub(super) fn names(asked: &Build<'_>) -> Result<Vec<(ImageName, Origin)>, DockerError> {
    let values = flags::values(asked.flags, &IMAGE).enumerate();
    let names = values.map(|(i, value)| {
        let origin = Origin::flag(IMAGE.name, i + 1);
        match ImageName::parse(&String::from_utf8_lossy(&bytes_of(value))) {
            Ok(name) => Ok((name, origin)),
            Err(error) => Err(DockerError::Image { error, origin }),
        }
    });
    names.collect()
}

/// Looks for a login for each of the images.
pub(super) fn check(
    images: Vec<(ImageName, Origin)>,
    form: Form,
    config: &[u8],
    built: &mut Built,
) {
    // What is not JSON the API server refuses itself.
    let Ok(config) = DockerConfig::parse(&plain_text(config)) else { return };
    let unread = (config.form != form && !config.entries.is_empty())
        || config.entries.values().any(|entry| entry.login.as_ref().is_err_and(|e| e.spoils_all()));
    let servers: Vec<_> = if unread { Vec::new() } else { config.entries.keys().collect() };
    let keyring = Keyring::new(servers.iter().copied());
    let is_empty = |server: &Server| {
        let login = config.entries.get(server).map(|entry| &entry.login);
        !matches!(login, Some(Ok(login)) if !login.password.is_empty())
    };
    for (image, origin) in images {
        let name = image.as_str().to_owned();
        let attempts = keyring.attempts(&name);
        let all = Servers(attempts.concat().into_iter().cloned().collect());
        let Some(first) = all.0.first() else {
            let near = nearest(&servers, &name).map(|(server, miss)| (server.clone(), miss));
            built.find(LoginsFinding::NoLogin { image: name, near, origin, unread });
            continue;
        };
        if attempts.iter().any(|attempt| attempt.len() > 1) {
            built.find(LoginsFinding::OrderUndefined { image: name, servers: all });
        } else if is_empty(first) {
            built.find(LoginsFinding::Empty { image: name, server: first.clone() });
        } else if all.0.len() > 1 {
            built.find(LoginsFinding::Order { image: name, servers: all });
        }
    }
}
