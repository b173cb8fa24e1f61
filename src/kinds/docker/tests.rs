//! What is said of Docker configurations.

use super::*;
use crate::kinds::{Context, content};
use crate::secret::{DataKey, SecretBuilder, SecretName, Value};
use crate::validate::Severity;

fn lines(form: Form, json: &str) -> Vec<String> {
    let mut builder = SecretBuilder::new(SecretName::new("x"), type_of(form));
    let key = DataKey::parse(form.key()).unwrap();
    builder.add(key, Value::new(json.as_bytes().to_vec())).unwrap();
    let report = content(&builder.build(), &Context::new(&|| Timestamp::UNIX_EPOCH));
    assert!(report.findings().iter().all(|found| found.severity == Severity::Warning), "{json}");
    let place = format!("data[{}]: ", form.key());
    let line = |finding: &crate::validate::Finding| {
        finding.to_string().strip_prefix(&place).unwrap_or("another place").to_owned()
    };
    report.findings().iter().map(line).collect()
}

#[test]
fn what_a_kubelet_could_not_pull_with() {
    let broken = "no login in it can be read, because of a.io (line 1): its auth is not base64";
    let rows: &[(&str, &[&str])] = &[
        ("{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"}}}", &[]),
        ("{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"}},\"credsStore\":\"pass\"}", &[]),
        ("no json", &[]),
        ("null", &["it has no login: nothing can be pulled with it"]),
        ("{\"auths\":{}}", &["it has no login: nothing can be pulled with it"]),
        ("{\"auths\":[]}", &["no kubelet can read it: auths is an array, not an object (line 1)"]),
        ("{\"auths\":{\"a.io\":{}}}", &["no login for a.io"]),
        ("{\"auths\":{\"b.io\":{\"auth\":\"dTpw\"},\"a.io\":{\"auth\":\"?\"}}}", &[broken]),
        (
            "{\"auths\":{\n\"a.io\":{\"auth\":\"dTo=\"}}}",
            &["nothing can be pulled from a.io (line 2): its password is empty"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"identitytoken\":\"t\",\"auth\":\"dTo=\"}}}",
            &["the login for a.io is an identity token, which a kubelet does not support"],
        ),
        (
            "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"},\
             \"https://index.docker.io/v1/refresh-token\":{\"auth\":\"dTpw\"}}}",
            &["it contains Docker's own token (https://index.docker.io/v1/refresh-token), \
               which can access the whole account and cannot pull images"],
        ),
        (
            "{\"auths\":{\"https://index.docker.io/v1/\":{},\
             \"https://index.docker.io/v1/access-token\":{}},\"credsStore\":\"desktop\"}",
            &["no login for https://index.docker.io/v1/: it is in a credential store \
               (docker-credential-desktop), which a cluster cannot read"],
        ),
        (
            "{\"auths\":{\"https://A.io/\":{\"auth\":\"dTpw\"}}}",
            &["the server https://A.io/ is written with a scheme and capital letters and a \
               trailing slash"],
        ),
        (
            "{\"auths\":{\"docker.io\":{\"auth\":\"dTpw\"},\"u:p@x\":{\"auth\":\"dTpw\"}}}",
            &["a server's name of 5 bytes is never used by a kubelet: it is not a host name"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"username\":\"u:v\",\"auth\":\"dTp2OnA=\"}}}",
            &["the user name for a.io contains a colon: what follows it is read as part of the \
               password"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpwAA==\"},\"b.io\":{\"auth\":\"dTrvu79w\"},\
             \"c.io\":{\"auth\":\"dTpwAHE=\"}}}",
            &[
                "zero bytes surround the password for a.io: Docker drops them, a kubelet does \
               not",
                "the password for b.io begins with a byte order mark (UTF-8), which becomes part \
                 of the value",
            ],
        ),
        (
            "{\"a.io\":{\"auth\":\"dTpw\"}}",
            &["its logins are at the top level, not under \"auths\", as in the old type \
               kubernetes.io/dockercfg: nothing can be pulled with it"],
        ),
    ];
    for (json, want) in rows {
        assert_eq!(lines(Form::Config, json), *want, "{json}");
    }
}

#[test]
fn names_and_values() {
    let rows: &[(&str, &[&str])] = &[
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"},\"https://a.io\":{\"auth\":\"dTpw\"}}}",
            &[
                "the server https://a.io is written with a scheme",
                "a.io and https://a.io are one server for a kubelet, and which login it tries \
                 first is not defined",
            ],
        ),
        (
            "{\"auths\":{\"docker.io\":{\"auth\":\"dTpw\"},\
             \"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"}}}",
            &["the login of https://index.docker.io/v1/ is not used for Docker Hub images, \
               because docker.io is"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"}},\n\"auths\":{\"b.io\":{\"auth\":\"dTpw\"},\
             \"b.io\":{\"auth\":\"dTpw\"}}}",
            &[
                "a second auths begins on line 2; its logins are added to the first",
                "b.io appears twice, and the last one is used (line 2)",
            ],
        ),
        (
            "{\"auths\":{\"oci://a.io\":{\"auth\":\"dTpw\"},\"hub.docker.com\":{\"auth\":\"dTpw\"}}}",
            &[
                "the server hub.docker.com is a name of Docker Hub that no kubelet looks up",
                "the server oci://a.io is never used by a kubelet: it is not a host name",
            ],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpwCg==\"},\"b.io\":{\"registrytoken\":\"t\"}}}",
            &[
                "the password for a.io ends with a newline, which becomes part of the value: \
                 clients do not trim it",
                "the login for b.io is a registry token, which a kubelet does not support",
            ],
        ),
    ];
    for (json, want) in rows {
        assert_eq!(lines(Form::Config, json), *want, "{json}");
    }
}

#[test]
fn logins_that_programs_keep() {
    let rows: &[(&str, &[&str])] = &[
        (
            "{\"auths\":{\"a.io\":{},\"b.io\":{}},\"credsStore\":\"pass\"}",
            &["no login for a.io, b.io: it is in a credential store (docker-credential-pass), \
               which a cluster cannot read"],
        ),
        (
            "{\"credsStore\":\"desktop\"}",
            &["no logins: they are in a credential store (docker-credential-desktop), which a \
               cluster cannot read"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"}},\
             \"credHelpers\":{\"b.io\":\"x\",\"c.io\":\"x\",\"d.io\":\"x\",\"e.io\":\"x\",\"a.io\":\"x\"}}",
            &["no login for b.io, c.io, d.io and 1 more: it is in a credential store \
               (docker-credential-x), which a cluster cannot read"],
        ),
        (
            "{\"auths\":{\"https://a.io\":{\"auth\":\"dTpw\"},\"b.io\":{}},\
             \"credHelpers\":{\"a.io\":\"x\",\"https://b.io/\":\"x\"}}",
            &[
                "the server https://a.io is written with a scheme",
                "no login for b.io: it is in a credential store (docker-credential-x), which a \
                 cluster cannot read",
            ],
        ),
        (
            "{\"auths\":{\"a.io\":{},\"b.io\":{}},\"credsStore\":\"pass\",\
             \"credHelpers\":{\"a.io\":\"\"}}",
            &[
                "no login for b.io: it is in a credential store (docker-credential-pass), which \
                 a cluster cannot read",
                "no login for a.io",
            ],
        ),
    ];
    for (json, want) in rows {
        assert_eq!(lines(Form::Config, json), *want, "{json}");
    }
}

#[test]
fn the_old_type() {
    let rows: &[(&str, &[&str])] = &[
        ("{\"a.io\":{\"auth\":\"dTpw\"}}", &[]),
        ("{}", &["it has no login: nothing can be pulled with it"]),
        (
            "{\"a.io\":{\"identitytoken\":\"t\"}}",
            &["the login for a.io is an identity token, which a kubelet does not support"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"}}}",
            &[
                "its logins are under \"auths\", which this old type does not have: nothing can be pulled \
               with it",
            ],
        ),
    ];
    for (json, want) in rows {
        assert_eq!(lines(Form::Legacy, json), *want, "{json}");
    }
}

#[test]
fn not_too_many() {
    let entries: Vec<_> = (0..50).map(|i| format!("\"A{i}.io\":{{\"auth\":\"dTpw\"}}")).collect();
    let json = format!("{{\"auths\":{{{}}}}}", entries.join(","));
    assert_eq!(lines(Form::Config, &json).len(), MOST);
}
