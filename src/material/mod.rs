//! Pure parsers of secret material: bytes in, a typed value or a typed error out.
//!
//! For a TLS Secret: `pem` finds the blocks, `der` reads what is in them, `certificate` (with
//! `extensions` and `name`) and `private_key` (with `rsa_key`) each yield a `public_key`, and
//! `key_pair` compares the two. `chain` puts certificates in order and, with `signature`, says
//! where they lead; `host_name` says for whom they are. `tls_input` makes PEM of what is none:
//! DER, `pkcs12` (with `ber`), keys under a passphrase (`encryption`). `hash` names the hashes
//! of both. `found` looks at what was given instead, for hints, and `text_mark` at how a text is
//! written.
//!
//! For an SSH key: `ssh_key` takes PEM, or the container that `openssh` reads; `known_hosts` reads
//! the hosts' own keys. `htpasswd` writes a line of users.
//!
//! For registries: `docker_config` reads what Docker keeps its logins in, `docker_server` the names
//! that stand there. `token_expiry` finds the date in a token. `keyring` says which
//! logins a kubelet tries for an `image`.

pub(crate) mod ber;
pub(crate) mod ca_file;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod der;
pub(crate) mod docker_config;
pub(crate) mod docker_server;
pub(crate) mod encryption;
pub(crate) mod extensions;
pub(crate) mod found;
pub(crate) mod hash;
pub(crate) mod hints;
pub(crate) mod host_name;
pub(crate) mod htpasswd;
pub(crate) mod image;
pub(crate) mod key_pair;
pub(crate) mod keyring;
pub(crate) mod known_hosts;
pub(crate) mod name;
mod openssh;
pub(crate) mod pem;
pub(crate) mod pkcs12;
pub(crate) mod private_key;
pub(crate) mod public_key;
mod rsa_key;
pub(crate) mod server_key;
pub(crate) mod signature;
pub(crate) mod ssh_key;
pub(crate) mod text_mark;
pub(crate) mod tls_input;
pub(crate) mod token_expiry;
