//! `docker-registry`: logins to container registries, for `imagePullSecrets`.
//!
//! kubectl's flags give one login, or a file as it is. `registry` gives as many as there are,
//! `merge` takes those of Docker's own files.

mod error;
mod finding;
mod images;
mod merge;
mod registry;

pub(crate) use error::DockerError;

use std::collections::{BTreeMap, BTreeSet};

use zeroize::Zeroizing;

use super::BuildError;
use super::build::{Build, Built, has_scheme};
use super::credential::{Credential, credential};
use super::generic::{FILE, add_files};
use super::newline::Newlines;
use super::{Ask, Contents, SecretType};
use crate::flags::{self, Flag, FlagKind, List, Single, Switch, global};
use crate::kinds;
use crate::material::docker_config::{Form, Login, write};
use crate::material::docker_server::{DOCKER_HUB, Server};
use crate::material::image::ImageName;
use crate::secret::{DataKey, Value};
use crate::sources::{Origin, bytes_of, into_bytes};
use finding::LoginsFinding;
use images::IMAGE;
use merge::{LeftOut, MERGE, ONLY, RESOLVE};
use registry::REGISTRY;

const SERVER: Flag<Single> =
    flags::text("docker-server", "HOST", "Set the registry [default: Docker Hub]")
        .kind(FlagKind::Registry)
        .of_kubectl();
const USERNAME: Flag<Single> =
    flags::text("docker-username", "NAME", "Set the user name").of_kubectl();
const PASSWORD: Flag<Single> =
    flags::text("docker-password", "PASSWORD", "Set the password, visible in the process list")
        .kind(FlagKind::Secret)
        .of_kubectl();
const PASSWORD_WAYS: Credential = credential!("password", plain PASSWORD, "docker-password");
const EMAIL: Flag<Single> =
    flags::text("docker-email", "ADDRESS", "Set the e-mail address").of_kubectl();
const LEGACY: Flag<Switch> =
    flags::switch("legacy-dockercfg", "Write the old type kubernetes.io/dockercfg");
/// The flags of a login as kubectl has it.
const PLAIN: [Flag<Single>; 4] = [SERVER, USERNAME, PASSWORD, EMAIL];
/// The flags that give logins without the plain ones.
const OTHER_SOURCES: &[&str] = &[FILE.name, REGISTRY.name, MERGE.name];
/// Flags of the cluster with names like those of the registry.
const CLUSTERS: [Flag<Single>; 3] = [global::SERVER, global::USERNAME, global::PASSWORD];

pub(super) const ROW: SecretType = SecretType {
    name: "docker-registry",
    about: "Create a Secret with logins to container registries",
    details: "\
The type is kubernetes.io/dockerconfigjson. Pods and service accounts name the Secret under
imagePullSecrets. --docker-server, --docker-username and --docker-password set one login. --registry
adds a login: server=HOST,username=NAME with password-file=FILE or password-env=VARIABLE.
--from-file stores a file that docker login wrote, unchanged; --merge-config adds the logins of such
files.

A login from a flag replaces the one in a file, and a later file replaces an earlier one. Two flags
must not name the same server. --registry and --merge-config write every name of Docker Hub as
https://index.docker.io/v1/, the name that Docker looks up. --image fails if a kubelet would try no
login for an image, and prints the order if it would try several. --docker-password-file and
--docker-password-stdin drop one trailing newline. On a terminal, mksecret asks for a missing
password.",
    examples: "\
# A login; another command writes the password
pass show registry | mksecret docker-registry pull \\
  --docker-server=registry.example.com \\
  --docker-username=robot --docker-password-stdin

# The logins of a Docker configuration
mksecret docker-registry pull \\
  --from-file=$HOME/.docker/config.json \\
  --image=ghcr.io/team/app:1

# Two logins, no password in the process list
mksecret docker-registry pull \\
  --registry \\
  server=ghcr.io,username=ann,password-file=token \\
  --registry \\
  server=docker.io,username=ann,password-env=HUB_TOKEN

# One login from Docker's credential helper
mksecret docker-registry pull --only=ghcr.io \\
  --merge-config=$HOME/.docker/config.json \\
  --resolve-credentials",
    required: "--docker-username=NAME --docker-password-stdin",
    name_optional: false,
    empty_name: false,
    flags,
    takes_over: &[],
    asks: &[
        Ask::optional(SERVER.name).unless(OTHER_SOURCES),
        Ask::needed(USERNAME.name).unless(OTHER_SOURCES),
        Ask::needed(PASSWORD.name).unless(OTHER_SOURCES),
    ],
    contents: Contents::Untyped,
    build,
};

fn flags() -> Vec<Flag> {
    let own = &[
        SERVER.any(),
        USERNAME.any(),
        PASSWORD.any(),
        EMAIL.any(),
        FILE.any(),
        REGISTRY.any(),
        MERGE.any(),
        ONLY.any(),
        RESOLVE.any(),
        IMAGE.any(),
        LEGACY.any(),
    ];
    [own as &[_], &PASSWORD_WAYS.flags()].concat()
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let images = images::names(asked)?;
    let has = |flag: &Flag<List>| flags::values(asked.flags, flag).next().is_some();
    let resolves = flags::is_on(asked.flags, &RESOLVE);
    let form = if flags::is_on(asked.flags, &LEGACY) { Form::Legacy } else { Form::Config };
    let mut built = asked.start(kinds::type_of(form));
    let plain: Vec<_> = PLAIN
        .map(Flag::any)
        .into_iter()
        .chain(PASSWORD_WAYS.flags())
        .filter(|flag| flags::is_given(asked.flags, flag))
        .map(|flag| flag.name)
        .collect();
    let new = [&REGISTRY, &MERGE, &ONLY]
        .into_iter()
        .find(|flag| has(flag))
        .map(|flag| flag.name)
        .or_else(|| resolves.then_some(RESOLVE.name));
    if flags::values(asked.flags, &FILE).any(|value| !value.is_empty()) {
        if let Some(flag) = new {
            return Err(DockerError::BesideFile { flag }.into());
        }
        if !plain.is_empty() {
            built.find(LoginsFinding::FlagsIgnored { flags: plain });
        }
        add_files(asked, &mut built, Some(form.key()), &mut Newlines::kept())?;
        check_images(asked, images, form, &mut built);
        return Ok(built);
    }
    let of_merge = [(ONLY.name, has(&ONLY)), (RESOLVE.name, resolves)];
    if let Some((flag, _)) = of_merge.into_iter().find(|(_, given)| *given)
        && !has(&MERGE)
    {
        return Err(DockerError::WithoutMerge { flag }.into());
    }
    built.warn_of_empty_values(asked, &FILE);
    for flag in [&USERNAME, &PASSWORD] {
        let value = flags::given(asked.flags, flag).unwrap_or_default();
        built.find_quoting_leftover(&bytes_of(&value), &Origin::flag(flag.name, 1));
    }
    let (logins, origin) = if new.is_none() {
        let (server, login, origin) = plain_login(asked)?;
        // The cluster's address has a scheme; without one it is a registry, meant for our flag.
        if !flags::is_given(asked.flags, &SERVER)
            && let Some(meant) = flags::given(asked.flags, &global::SERVER)
            && !meant.is_empty()
            && !has_scheme(&meant)
        {
            built.find(LoginsFinding::ServerOfCluster);
        }
        (BTreeMap::from([(server, login)]), origin)
    } else {
        collect(asked, !plain.is_empty(), &mut built)?
    };
    if let Ok(key) = DataKey::parse(form.key()) {
        built.add_checked(key, write(form, &logins), origin)?;
    }
    check_images(asked, images, form, &mut built);
    Ok(built)
}

fn check_images(
    asked: &Build<'_>,
    images: Vec<(ImageName, Origin)>,
    form: Form,
    built: &mut Built,
) {
    if images.is_empty() || !asked.is_judged {
        return;
    }
    let config = built.secret.value(form.key()).map(|value| value.as_bytes().to_vec());
    images::check(images, form, &Zeroizing::new(config.unwrap_or_default()), built);
}

/// The logins of all flags together, and where the first came from.
fn collect(
    asked: &Build<'_>,
    has_plain: bool,
    built: &mut Built,
) -> Result<(BTreeMap<Server, Login>, Origin), BuildError> {
    // Passwords first: no program that is started gets their variables.
    let mut given =
        registry::take(asked).map_err(|fault| DockerError::Registry(Box::new(fault)))?;
    for (_, login, origin) in &given {
        built.find_quoting_leftover(login.username.as_bytes(), origin);
    }
    if has_plain {
        given.push(plain_login(asked)?);
    }
    for (i, (server, _, second)) in given.iter().enumerate() {
        if let Some((_, _, first)) = given[..i].iter().find(|(other, ..)| other.is_same(server)) {
            return Err(DockerError::TwoLogins {
                server: server.clone(),
                origins: Box::new([first.clone(), second.clone()]),
            }
            .into());
        }
    }
    let merge::Merged { logins: merged, left, notes, others } = merge::take(asked)?;
    let mut logins = BTreeMap::new();
    let mut origins = Vec::new();
    // What somebody types counts before what lies in a file.
    let merged: Vec<_> = merged
        .into_values()
        .filter(|(server, ..)| !given.iter().any(|(other, ..)| other.is_same(server)))
        .collect();
    for (server, login, origin) in given.into_iter().chain(merged) {
        logins.insert(server, login);
        origins.push(origin);
    }
    for note in merge::sift(notes, |server| logins.contains_key(&server.clone().canonical())) {
        built.find(note);
    }
    merge::check_only(asked, logins.keys(), &left, &others)?;
    let Some(origin) = common(origins) else {
        return Err(DockerError::NothingUsable { left }.into());
    };
    // What a later file or a flag gives is not missed.
    let known: BTreeSet<_> = logins.keys().map(Server::plain).collect();
    let missed = |left: &mut LeftOut| {
        let none = left.servers.0.is_empty();
        left.servers.0.retain(|server| !known.contains(&server.plain()));
        none || !left.servers.0.is_empty()
    };
    let left = left.into_iter().filter_map(|mut left| missed(&mut left).then_some(left));
    left.for_each(|left| built.find(LoginsFinding::LeftOut(left)));
    Ok((logins, origin))
}

/// Where logins of several places came from: a file only where it is that of all.
fn common(origins: Vec<Origin>) -> Option<Origin> {
    let mut origins = origins.into_iter();
    let first = origins.next()?;
    let same = origins.all(|origin| origin == first);
    Some(if same { first } else { Origin::flag(first.flag, 1) })
}

/// The login of kubectl's own flags: raw bytes, since `auth` holds them as they are.
fn plain_login(asked: &Build<'_>) -> Result<(Server, Login, Origin), BuildError> {
    let matches = asked.flags;
    let value = |flag: &Flag<Single>| Value::new(into_bytes(flags::value(matches, flag)));
    let server = flags::given(matches, &SERVER)
        .map_or_else(|| DOCKER_HUB.into(), |server| bytes_of(&server).into_owned());
    let username = value(&USERNAME);
    let mut password = PASSWORD_WAYS.take(asked)?;
    let is_all_but_password = !server.is_empty() && !username.is_empty();
    // The cluster's --password may have been meant for the registry's: the error says so.
    if password.is_none() && is_all_but_password && !flags::is_given(matches, &global::PASSWORD) {
        password = PASSWORD_WAYS.ask_for_missing(asked, "")?;
    }
    let (password, origin) =
        password.unwrap_or_else(|| (Value::new(Vec::new()), Origin::flag(PASSWORD.name, 1)));
    let missing: Vec<_> = [
        (SERVER.name, server.as_slice()),
        (USERNAME.name, username.as_bytes()),
        (PASSWORD.name, password.as_bytes()),
    ]
    .into_iter()
    // From its other flags an empty password is one that is allowed.
    .filter_map(|(flag, value)| {
        let is_allowed = flag == PASSWORD.name && origin.flag != PASSWORD.name;
        (value.is_empty() && !is_allowed).then_some(flag)
    })
    .collect();
    if !missing.is_empty() {
        let meant = CLUSTERS
            .iter()
            .filter(|flag| flags::is_given(matches, flag))
            .map(|flag| flag.name)
            .collect();
        return Err(DockerError::Incomplete { missing, meant }.into());
    }
    let login = Login { email: value(&EMAIL), ..Login::new(username, password) };
    Ok((Server::new(server), login, origin))
}
