//! `--merge-config`: the logins of Docker configurations, those of credential helpers included.
//!
//! A file names one server in several ways, and keeps a login in the file or in a program. So:
//!
//! 1. Each file is read by itself (`File::read`): what `--only` does not name is set aside, Docker's
//!    own tokens are dropped, a login that only a program has is asked for or noted as left out.
//! 2. Of two names that are one key for a kubelet, one login is kept (`Logins::add`), as a kubelet
//!    would try it.
//! 3. The files are merged in their order (`take`): a later login replaces an earlier one of the same
//!    key, as a second `docker login` does, but not a usable one by an empty one.
//! 4. Notes about logins that were replaced later anyway are dropped (`sift`).

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::DockerError;
use super::finding::LoginsFinding;
use crate::flags::{self, Flag, FlagKind, List, Switch};
use crate::kinds::Servers;
use crate::material::docker_config::{
    DockerConfig, HelperName, Login, NoLogin, parse_reply, plain_text,
};
use crate::material::docker_server::Server;
use crate::sources::{Origin, ProgramAnswer, ProgramError, bytes_of, path_of, shown_path};
use crate::types::{Build, BuildError};

pub(super) const MERGE: Flag<List> =
    flags::list("merge-config", "FILE", "Add the logins of a Docker config [repeatable]")
        .kind(FlagKind::File);
pub(super) const ONLY: Flag<List> =
    flags::list("only", "HOST", "Limit --merge-config to this host [repeatable]")
        .kind(FlagKind::Registry);
pub(super) const RESOLVE: Flag<Switch> =
    flags::switch("resolve-credentials", "Run the credential helpers of --merge-config");
/// A helper may have to ask its user to unlock a keychain.
const PATIENCE: Duration = Duration::from_secs(120);
/// What helpers say of a server that they do not know
/// (`credentials.errCredentialsNotFoundMessage`).
const NOT_FOUND: &str = "credentials not found in native keychain";
/// So many notes are told one by one.
const MOST_NOTES: usize = 10;
/// No name of a server is longer, and a pipe takes it whole.
const SERVER_MAX: usize = 4096;

/// What came of the files.
#[derive(Default)]
pub(super) struct Merged {
    /// The logins, by what a kubelet keeps them under; Docker Hub has one name.
    pub(super) logins: BTreeMap<Vec<u8>, (Server, Login, Origin)>,
    /// What was left out for another one's sake, or since no registry takes it.
    pub(super) notes: Vec<LoginsFinding>,
    pub(super) left: Vec<LeftOut>,
    /// Servers with a login that no `--only` named.
    pub(super) others: Vec<Server>,
}

/// Servers of a file whose logins were not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub path: PathBuf,
    /// The servers; none where a program keeps all.
    pub servers: Servers,
    pub why: Why,
}

/// Why a login was not taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// A program keeps it, and was not to be asked.
    Kept(HelperName),
    NoLogin(NoLogin),
    /// The program that should keep it does not know the server.
    Unknown(HelperName),
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, servers, why } = self;
        let path = shown_path(path);
        match why {
            Why::Kept(program) if servers.0.is_empty() => {
                write!(f, "{path} has no logins: they are in a credential store ({program})")
            }
            Why::Kept(program) => write!(
                f,
                "{path} has no login for {servers}: it is in a \
                                             credential store ({program})"
            ),
            Why::NoLogin(NoLogin::Empty) => write!(f, "{path} has no login for {servers}"),
            Why::NoLogin(why) => write!(f, "{path} has no usable login for {servers}: {why}"),
            Why::Unknown(program) => write!(
                f,
                "{path} has no login for {servers}, and {program} \
                                                has none"
            ),
        }
    }
}

/// Reads the files in their order. A later one replaces what an earlier one has of a server, as a
/// second `docker login` does.
pub(super) fn take(asked: &Build<'_>) -> Result<Merged, BuildError> {
    let only: Vec<_> = flags::values(asked.flags, &ONLY)
        .map(|host| Server::new(bytes_of(host).into_owned()))
        .collect();
    let mut merged = Merged::default();
    for (i, path) in flags::values(asked.flags, &MERGE).enumerate() {
        let origin = Origin::flag(MERGE.name, i + 1);
        let path = path_of(&bytes_of(path));
        let resolve = flags::is_on(asked.flags, &RESOLVE);
        let mut file = File {
            asked,
            path: &path,
            only: &only,
            resolve,
            left: BTreeMap::new(),
            notes: Vec::new(),
            others: Vec::new(),
        };
        let logins = file.read()?;
        let origin = origin.file(&path);
        for (server, login) in logins {
            let new = (server, login, origin.clone());
            let Entry::Occupied(mut entry) = merged.logins.entry(new.0.key()) else {
                merged.logins.insert(new.0.key(), new);
                continue;
            };
            // A login that a kubelet can use does not give way to one that it cannot, unless that was
            // put in its place under its own name.
            let (before, login, _) = entry.get();
            if *before != new.0 && new.1.password.is_empty() && !login.password.is_empty() {
                let (path, server) = (path.clone(), before.clone());
                file.notes.push(LoginsFinding::SameServer { path, server, other: new.0 });
            } else {
                entry.insert(new);
            }
        }
        merged.notes.append(&mut file.notes);
        merged.others.append(&mut file.others);
        merged.left.extend(file.left.into_iter().map(|(why, servers)| LeftOut {
            path: path.clone(),
            servers,
            why,
        }));
    }
    Ok(merged)
}

/// Leaves of the notes those that are of use: what gave way to a login that gave way itself is
/// nothing to tell, and many are told as a few.
pub(super) fn sift(
    notes: Vec<LoginsFinding>,
    taken: impl Fn(&Server) -> bool,
) -> Vec<LoginsFinding> {
    let of_use = |note: &LoginsFinding| match note {
        LoginsFinding::SameServer { server, .. } => taken(server),
        _ => true,
    };
    let mut notes: Vec<_> = notes.into_iter().filter(of_use).collect();
    if let Some(more) = notes.len().checked_sub(MOST_NOTES).filter(|more| *more > 0) {
        notes.truncate(MOST_NOTES);
        notes.push(LoginsFinding::MoreLeftOut { more });
    }
    notes
}

/// Hosts of `--only` that have no login.
pub(super) fn check_only<'a>(
    asked: &Build<'_>,
    servers: impl Iterator<Item = &'a Server> + Clone,
    left: &[LeftOut],
    others: &'a [Server],
) -> Result<(), DockerError> {
    for (i, host) in flags::values(asked.flags, &ONLY).enumerate() {
        let host = Server::new(bytes_of(host).into_owned());
        if !servers.clone().any(|server| host.covers(server)) {
            let left = left.iter().find(|left| left.servers.0.iter().any(|s| host.covers(s)));
            return Err(DockerError::OnlyMissing {
                origin: Box::new(Origin::flag(ONLY.name, i + 1)),
                server: host,
                left: left.cloned().map(Box::new),
                known: Servers(servers.chain(others).cloned().collect()),
            });
        }
    }
    Ok(())
}

/// A file that is being read.
struct File<'a> {
    asked: &'a Build<'a>,
    path: &'a Path,
    only: &'a [Server],
    resolve: bool,
    left: BTreeMap<Why, Servers>,
    notes: Vec<LoginsFinding>,
    others: Vec<Server>,
}

impl File<'_> {
    fn read(&mut self) -> Result<Vec<(Server, Login)>, DockerError> {
        let bytes = self.asked.inputs.read(self.path).map_err(DockerError::Read)?;
        let fail = |error| DockerError::Config { path: self.path.to_owned(), error };
        let mut config = DockerConfig::parse(&plain_text(bytes.as_bytes())).map_err(fail)?;
        let known: BTreeSet<_> = config.entries.keys().map(Server::plain).collect();
        // What only its program knows.
        let kept: Vec<_> = config
            .helpers
            .keys()
            .chain(self.only.iter().filter(|_| config.store.is_some()))
            .filter(|server| !known.contains(&server.plain()))
            .map(|server| server.clone().canonical())
            .collect();
        if let Some(program) = config.store.clone().filter(|_| config.names_no_server()) {
            self.left.entry(Why::Kept(program)).or_default();
        }
        let mut logins = Logins::default();
        let entries = std::mem::take(&mut config.entries)
            .into_iter()
            .map(|(server, entry)| (server, entry.login));
        let all = entries.chain(kept.into_iter().map(|server| (server, Err(NoLogin::Empty))));
        for (server, login) in all {
            let is_of_docker = server.is_token_of_docker();
            if !self.is_wanted(&server) {
                if !is_of_docker && (login.is_ok() || config.helper(&server).is_some()) {
                    self.others.push(server);
                }
                continue;
            }
            if is_of_docker {
                if login.is_ok() {
                    self.notes
                        .push(LoginsFinding::TokenOfDocker { path: self.path.to_owned(), server });
                }
                continue;
            }
            let Some(login) = self.login(&config, &server, login)? else { continue };
            logins.add(server, login);
        }
        for (server, other) in logins.left_out {
            let path = self.path.to_owned();
            self.notes.push(LoginsFinding::SameServer { path, server, other });
        }
        Ok(logins
            .taken
            .into_values()
            .map(|login| (login.server.canonical(), login.login))
            .collect())
    }

    fn is_wanted(&self, server: &Server) -> bool {
        self.only.is_empty() || self.only.iter().any(|host| host.covers(server))
    }

    /// The login in the file, or else the one that its program has.
    fn login(
        &mut self,
        config: &DockerConfig,
        server: &Server,
        login: Result<Login, NoLogin>,
    ) -> Result<Option<Login>, DockerError> {
        let program = config.helper(server);
        let why = match (login, program) {
            (Ok(login), _) => return Ok(Some(login.without_zero_bytes())),
            (Err(NoLogin::Empty), Some(program)) if self.resolve => {
                match ask(self.asked, program, server).map_err(|error| DockerError::Helper {
                    program: program.clone(),
                    server: server.clone(),
                    error,
                })? {
                    Some(login) => return Ok(Some(login)),
                    None => Why::Unknown(program.clone()),
                }
            }
            (Err(NoLogin::Empty), Some(program)) => Why::Kept(program.clone()),
            (Err(why), _) => Why::NoLogin(why),
        };
        self.left.entry(why).or_default().0.push(server.clone());
        Ok(None)
    }
}

/// The logins of one file, one for each server that a kubelet tells from the others: which of two
/// it would take is left to chance.
#[derive(Default)]
struct Logins {
    taken: BTreeMap<Vec<u8>, Taken>,
    /// The server that counts, and the name of it that does not.
    left_out: Vec<(Server, Server)>,
}

struct Taken {
    server: Server,
    login: Login,
}

impl Taken {
    fn rank(&self) -> (bool, bool) {
        let usual = self.server.usual();
        let is_usual = usual.is_some_and(|usual| usual.as_bytes() == self.server.as_bytes());
        (!self.login.password.is_empty(), is_usual)
    }
}

impl Logins {
    /// A login that a kubelet can use counts before an identity token alone; then, as in Docker, the
    /// usual form of a server's name before all others; of two others the first in the order of
    /// their bytes does.
    fn add(&mut self, server: Server, login: Login) {
        let new = Taken { server, login };
        let Entry::Occupied(mut entry) = self.taken.entry(new.server.key()) else {
            self.taken.insert(new.server.key(), new);
            return;
        };
        let other = if new.rank() > entry.get().rank() { entry.insert(new) } else { new };
        let counts = entry.get();
        if !counts.login.is_same(&other.login) {
            self.left_out.push((counts.server.clone(), other.server));
        }
    }
}

/// Asks a credential helper for the login of a server; `None` where it knows none.
fn ask(
    asked: &Build<'_>,
    program: &HelperName,
    server: &Server,
) -> Result<Option<Login>, HelperError> {
    let program = program.program().ok_or(HelperError::Name)?;
    if server.as_bytes().len() > SERVER_MAX {
        return Ok(None);
    }
    let answer = asked.inputs.ask_program(&program, &["get"], server.as_bytes(), PATIENCE);
    let ProgramAnswer { success, status, output } = answer.map_err(HelperError::Program)?;
    if success {
        return parse_reply(output.as_bytes()).map(Some).ok_or(HelperError::Reply);
    }
    // It says why on its standard output; what is not known may hold anything, and is not shown.
    let said = output.as_text().unwrap_or_default().to_lowercase();
    if said.contains(NOT_FOUND) || said.contains("credentials not found") {
        return Ok(None);
    }
    Err(HelperError::Failed { status, locked: is_locked(&said) })
}

/// Whether it talks of a keychain that nobody has opened.
fn is_locked(said: &str) -> bool {
    let words =
        ["user interaction is not allowed", "locked", "pass not initialized", "no secret key"];
    words.iter().any(|word| said.contains(word))
}

/// Why a credential helper gave no login.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HelperError {
    #[error("it failed{}{}", status_words(*status), if *locked { ": its keychain is locked" } else { "" })]
    Failed {
        status: Option<i32>,
        /// Whether it says that its keychain is locked.
        locked: bool,
    },
    /// Its name is a path, or has other characters than names of programs have.
    #[error("the name in the configuration is not the name of a program")]
    Name,
    #[error("{0}")]
    Program(ProgramError),
    #[error("its answer contains no user name and secret")]
    Reply,
}

fn status_words(status: Option<i32>) -> String {
    status.map_or_else(|| " by a signal".to_owned(), |status| format!(" with status {status}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_helpers_say_of_a_locked_keychain() {
        let rows = [
            ("error getting credentials - err: exit status 1, out: `pass not initialized`", true),
            ("user interaction is not allowed.", true),
            ("gpg: decryption failed: no secret key", true),
            ("no credentials server url", false),
            ("", false),
        ];
        for (said, want) in rows {
            assert_eq!(is_locked(said), want, "{said}");
        }
    }
}
