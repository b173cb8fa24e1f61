//! Databases, storage, backups, and clusters made of clusters.

mod rules;

use memchr::memmem;

use crate::kinds::{BASIC_AUTH, TLS};
use crate::validate::{Place, value};

use super::check::{Check, annotations, has, has_all, is_int, label};
use super::{Consumer, Marks, NEVER};

pub(super) use rules::RULES;

pub(super) static CONSUMERS: &[Consumer] = &[
    Consumer {
        name: "cnpg",
        about: "CloudNativePG, login of an owner, superuser or role",
        version: "CloudNativePG 1.30",
        source: "cloudnative-pg/cloudnative-pg internal/management/utils/secrets.go",
        recognised_by: "label cnpg.io/… and type kubernetes.io/basic-auth",
        checked: "keys username and password",
        label: None,
        untrimmed: &["username", "password"],
        marks: Marks::Metadata(|secret| {
            secret.secret_type.as_str() == BASIC_AUTH
                && (label(secret, "cnpg.io/cluster").is_some()
                    || label(secret, "cnpg.io/reload").is_some())
        }),
        check: |check| check.require(&rules::CNPG_KEYS, "CloudNativePG", &["username", "password"]),
    },
    Consumer {
        name: "strimzi-ca",
        about: "Strimzi, a CA of your own",
        version: "Strimzi 1.3",
        source: "strimzi/strimzi-kafka-operator Ca.java",
        recognised_by: "annotation strimzi.io/ca-cert-generation or ca-key-generation",
        checked: "annotations are numbers",
        label: None,
        untrimmed: &[],
        marks: Marks::Metadata(|secret| annotations(secret, "strimzi.io/ca-").next().is_some()),
        check: strimzi,
    },
    Consumer {
        name: "mongodb-tls",
        about: "MongoDB Community, a certificate",
        version: "May 2025",
        source: "mongodb/mongodb-kubernetes-operator controllers/mongodb_tls.go",
        recognised_by: "keys tls.crt, tls.key and tls.pem together",
        checked: "tls.pem is exactly the pair",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| has_all(secret, &["tls.crt", "tls.key", "tls.pem"])),
        check: mongodb,
    },
    Consumer {
        name: "mysql-innodbcluster",
        about: "MySQL Operator, login of an InnoDBCluster",
        version: "September 2024",
        source: "mysql/mysql-operator mysqloperator/sidecar_main.py",
        recognised_by: "keys rootUser and rootHost",
        checked: "key rootPassword",
        label: None,
        untrimmed: &["rootUser", "rootHost", "rootPassword"],
        marks: Marks::Contents(|secret| has_all(secret, &["rootUser", "rootHost"])),
        check: |check| {
            check.misspelt(
                &rules::MYSQL_KEYS,
                "MySQL Operator",
                &["rootPassword", "rootUser", "rootHost"],
            );
            check.require(&rules::MYSQL_KEYS, "MySQL Operator", &["rootPassword"]);
        },
    },
    Consumer {
        name: "minio-tenant",
        about: "MinIO operator, configuration of a tenant",
        version: "October 2025",
        source: "minio/operator pkg/configuration/tenant_configuration.go",
        recognised_by: "key config.env with MINIO_ variables",
        checked: "lines begin with export",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| {
            value(secret, "config.env")
                .is_some_and(|file| memmem::find(file.as_bytes(), b"MINIO_").is_some())
        }),
        check: minio,
    },
    Consumer {
        name: "minio-tls",
        about: "MinIO operator, a certificate of type Opaque",
        version: "October 2025",
        source: "minio/operator pkg/resources/statefulsets/minio-statefulset.go",
        recognised_by: NEVER,
        checked: "keys public.crt and private.key",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: |check| {
            if check.secret.secret_type.as_str() != TLS {
                check.require(&rules::MINIO_KEYS, "MinIO operator", &["public.crt", "private.key"]);
            }
        },
    },
    Consumer {
        name: "velero",
        about: "Velero, credentials of a cloud",
        version: "May 2026",
        source: "vmware-tanzu/velero pkg/install/resources.go",
        recognised_by: "name cloud-credentials in the namespace velero",
        checked: "key cloud",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| {
            secret.name.as_str() == "cloud-credentials"
                && secret.namespace.as_ref().is_some_and(|n| n.as_str() == "velero")
        }),
        check: |check| check.require(&rules::VELERO_KEYS, "Velero", &["cloud"]),
    },
    Consumer {
        name: "loki-s3",
        about: "Loki operator, S3 storage",
        version: "August 2026",
        source: "grafana/loki operator/internal/handlers/internal/storage/secrets.go",
        recognised_by: "keys bucketnames and endpoint",
        checked: "keys, endpoint, forcepathstyle",
        label: None,
        untrimmed: &["bucketnames", "endpoint", "access_key_id", "access_key_secret", "region"],
        marks: Marks::Contents(|secret| has_all(secret, &["bucketnames", "endpoint"])),
        check: loki,
    },
    Consumer {
        name: "longhorn",
        about: "Longhorn, login of a backup target",
        version: "August 2026",
        source: "longhorn/longhorn-manager datastore/longhorn.go",
        recognised_by: "key AWS_ENDPOINTS or VIRTUAL_HOSTED_STYLE",
        checked: "both AWS keys, upper case",
        label: None,
        untrimmed: &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINTS"],
        marks: Marks::Contents(|secret| {
            has(secret, "AWS_ENDPOINTS") || has(secret, "VIRTUAL_HOSTED_STYLE")
        }),
        check: longhorn,
    },
    Consumer {
        name: "cluster-api",
        about: "Cluster API, kubeconfig or CA of a cluster",
        version: "August 2026",
        source: "kubernetes-sigs/cluster-api util/secret/consts.go",
        recognised_by: "type cluster.x-k8s.io/secret",
        checked: "label cluster.x-k8s.io/cluster-name, key value",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| secret.secret_type.as_str() == "cluster.x-k8s.io/secret"),
        check: cluster_api,
    },
    Consumer {
        name: "prometheus-operator",
        about: "Prometheus Operator, logins by reference",
        version: "August 2026",
        source: "prometheus-operator/prometheus-operator pkg/assets/store.go",
        recognised_by: NEVER,
        checked: "no newlines",
        label: None,
        untrimmed: &["username", "password", "token", "bearerToken", "credentials"],
        marks: Marks::Named,
        check: |_| (),
    },
];

fn strimzi(check: &mut Check<'_>) {
    for (key, value) in annotations(check.secret, "strimzi.io/ca-") {
        if key.ends_with("-generation") && !is_int(value.as_bytes()) {
            let words = "not a whole number, which Strimzi requires";
            let hint = format!("--annotations={key}=0");
            check.at(Place::Annotation(key.to_owned()), &rules::STRIMZI_GENERATION, words, hint);
        }
    }
}

fn mongodb(check: &mut Check<'_>) {
    let values = ["tls.crt", "tls.key", "tls.pem"].map(|key| check.get(key));
    let [Some(certificate), Some(key), Some(pem)] = values else { return };
    let certificate = trim_newlines(certificate);
    let is_exact = pem.strip_prefix(certificate).and_then(|rest| rest.strip_prefix(b"\n"))
        == Some(trim_newlines(key));
    if !is_exact {
        let words = "not exactly tls.crt and tls.key joined by one newline, which MongoDB requires";
        check.key("tls.pem", &rules::MONGODB_PEM, words, "leave out tls.pem");
    }
}

fn trim_newlines(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|b| *b != b'\n').map_or(0, |last| last + 1);
    &text[..end]
}

fn minio(check: &mut Check<'_>) {
    let Some(file) = check.get("config.env") else {
        check.require(&rules::MINIO_EXPORT, "MinIO operator", &["config.env"]);
        return;
    };
    let mut lines = file.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    let is_ignored =
        |line: &[u8]| !(line.is_empty() || line.starts_with(b"#") || line.starts_with(b"export "));
    if let Some(at) = lines.position(is_ignored) {
        let words = format!(
            "line {} does not begin with export, and the MinIO operator ignores it",
            at + 1
        );
        check.key("config.env", &rules::MINIO_EXPORT, words, "put export before each assignment");
    }
}

fn loki(check: &mut Check<'_>) {
    if !check.has("role_arn") {
        let keys = ["bucketnames", "endpoint", "access_key_id", "access_key_secret"];
        check.misspelt(&rules::LOKI_KEYS, "the Loki operator", &keys);
        check.require(&rules::LOKI_KEYS, "the Loki operator", &keys);
    }
    if let Some(endpoint) = check.get("endpoint") {
        let host = ["https://", "http://"].iter().find_map(|s| endpoint.strip_prefix(s.as_bytes()));
        if host.is_none_or(|host| host.is_empty() || host.contains(&b'/')) {
            let words = "not a URL with http or https and without a path";
            let hint = "--from-literal=endpoint=https://HOST";
            check.key("endpoint", &rules::LOKI_ENDPOINT, words, hint);
        }
    }
    if check.get("forcepathstyle").is_some_and(|value| !matches!(value, b"true" | b"false")) {
        let words = "the Loki operator reads only true and false";
        check.key(
            "forcepathstyle",
            &rules::LOKI_BOOLEAN,
            words,
            "--from-literal=forcepathstyle=true",
        );
    }
}

fn longhorn(check: &mut Check<'_>) {
    let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    check.misspelt(&rules::LONGHORN_KEYS, "Longhorn", &keys);
    if keys.iter().any(|key| check.has(key)) {
        check.require(&rules::LONGHORN_KEYS, "Longhorn", &keys);
    }
}

fn cluster_api(check: &mut Check<'_>) {
    const CLUSTER: &str = "cluster.x-k8s.io/cluster-name";
    if label(check.secret, CLUSTER).is_none() {
        let words = "Cluster API only sees Secrets with this label";
        let hint = format!("--labels={CLUSTER}=CLUSTER");
        check.at(Place::Label(CLUSTER.to_owned()), &rules::CAPI_LABEL, words, hint);
    }
    if check.secret.name.as_str().ends_with("-kubeconfig") {
        check.require(&rules::CAPI_KEYS, "Cluster API", &["value"]);
    }
}
