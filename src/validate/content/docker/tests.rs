//! What is said of Docker configurations.

use super::*;
use crate::secret::{DataKey, SecretBuilder, SecretName, Value};
use crate::validate::{Severity, content};

fn lines(form: Form, json: &str) -> Vec<String> {
    let mut builder = SecretBuilder::new(SecretName::new("x"), form.secret_type());
    let key = DataKey::parse(form.key()).unwrap();
    builder.add(key, Value::new(json.as_bytes().to_vec())).unwrap();
    let report = content(&builder.build(), &|| Timestamp::UNIX_EPOCH);
    assert_ne!(report.severity(), Some(Severity::Error), "{json}");
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
        ("{\"auths\":{\"a.io\":{}}}", &["it has no login for a.io"]),
        ("{\"auths\":{\"b.io\":{\"auth\":\"dTpw\"},\"a.io\":{\"auth\":\"?\"}}}", &[broken]),
        (
            "{\"auths\":{\n\"a.io\":{\"auth\":\"dTo=\"}}}",
            &["nothing can be pulled from a.io (line 2): its password is empty"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"identitytoken\":\"t\",\"auth\":\"dTo=\"}}}",
            &["an identity token is the login of a.io: Docker takes it, a kubelet does not"],
        ),
        (
            "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"},\
             \"https://index.docker.io/v1/refresh-token\":{\"auth\":\"dTpw\"}}}",
            &["it holds https://index.docker.io/v1/refresh-token: what Docker itself logs in \
               with, for all that the account may do; no image is pulled with it"],
        ),
        (
            "{\"auths\":{\"https://index.docker.io/v1/\":{},\
             \"https://index.docker.io/v1/access-token\":{}},\"credsStore\":\"desktop\"}",
            &["it has no login for https://index.docker.io/v1/: docker-credential-desktop keeps \
               it, which no cluster can ask"],
        ),
        (
            "{\"auths\":{\"https://A.io/\":{\"auth\":\"dTpw\"}}}",
            &["the server https://A.io/ is written with a scheme and capital letters and a slash \
               at its end"],
        ),
        (
            "{\"auths\":{\"docker.io\":{\"auth\":\"dTpw\"},\"u:p@x\":{\"auth\":\"dTpw\"}}}",
            &[
                "a server's name of 5 bytes is never used by a kubelet: it is not the name of a host",
            ],
        ),
        (
            "{\"auths\":{\"a.io\":{\"username\":\"u:v\",\"auth\":\"dTp2OnA=\"}}}",
            &["the user name for a.io has a colon: what follows it is read as part of the \
               password"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpwAA==\"},\"b.io\":{\"auth\":\"dTrvu79w\"},\
             \"c.io\":{\"auth\":\"dTpwAHE=\"}}}",
            &[
                "zero bytes surround the password for a.io: Docker drops them, a kubelet does \
               not",
                "the password for b.io begins with a byte order mark (UTF-8), which is part of it",
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
            &["the login of https://index.docker.io/v1/ is not tried for images of Docker Hub, \
               since docker.io is"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"}},\n\"auths\":{\"b.io\":{\"auth\":\"dTpw\"},\
             \"b.io\":{\"auth\":\"dTpw\"}}}",
            &[
                "a second auths begins on line 2; its logins are added to the first",
                "b.io is in it twice, and the last one is used (line 2)",
            ],
        ),
        (
            "{\"auths\":{\"oci://a.io\":{\"auth\":\"dTpw\"},\"hub.docker.com\":{\"auth\":\"dTpw\"}}}",
            &[
                "the server hub.docker.com is a name of Docker Hub under which no kubelet looks \
                 for its images",
                "the server oci://a.io is never used by a kubelet: it is not the name of a host",
            ],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpwCg==\"},\"b.io\":{\"registrytoken\":\"t\"}}}",
            &[
                "the password for a.io ends with a newline, which is part of it: clients do not \
                 trim it",
                "a registry token is the login of b.io: Docker takes it, a kubelet does not",
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
            &["it has no login for a.io, b.io: docker-credential-pass keeps it, which no \
               cluster can ask"],
        ),
        (
            "{\"credsStore\":\"desktop\"}",
            &["its logins are not in it: docker-credential-desktop keeps them, which no cluster \
               can ask"],
        ),
        (
            "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"}},\
             \"credHelpers\":{\"b.io\":\"x\",\"c.io\":\"x\",\"d.io\":\"x\",\"e.io\":\"x\",\"a.io\":\"x\"}}",
            &["it has no login for b.io, c.io, d.io and 1 more: docker-credential-x keeps \
               it, which no cluster can ask"],
        ),
        (
            "{\"auths\":{\"https://a.io\":{\"auth\":\"dTpw\"},\"b.io\":{}},\
             \"credHelpers\":{\"a.io\":\"x\",\"https://b.io/\":\"x\"}}",
            &[
                "the server https://a.io is written with a scheme",
                "it has no login for b.io: docker-credential-x keeps it, which no cluster can ask",
            ],
        ),
        (
            "{\"auths\":{\"a.io\":{},\"b.io\":{}},\"credsStore\":\"pass\",\
             \"credHelpers\":{\"a.io\":\"\"}}",
            &[
                "it has no login for b.io: docker-credential-pass keeps it, which no cluster can \
               ask",
                "it has no login for a.io",
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
            &["an identity token is the login of a.io: Docker takes it, a kubelet does not"],
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
