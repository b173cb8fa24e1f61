//! The pages of the rules of databases, storage and clusters.

use crate::validate::RuleInfo;

pub(in super::super) static RULES: &[&RuleInfo] = &[
    &CAPI_KEYS,
    &CAPI_LABEL,
    &CNPG_KEYS,
    &LOKI_BOOLEAN,
    &LOKI_ENDPOINT,
    &LOKI_KEYS,
    &LONGHORN_KEYS,
    &MINIO_EXPORT,
    &MINIO_KEYS,
    &MONGODB_PEM,
    &MYSQL_KEYS,
    &STRIMZI_GENERATION,
    &VELERO_KEYS,
];

pub(super) static CAPI_KEYS: RuleInfo = RuleInfo::warning(
    "cluster-api/keys",
    "Cluster API (August 2026) reads the kubeconfig of a cluster from the key value.",
);
pub(super) static CAPI_LABEL: RuleInfo = RuleInfo::warning(
    "cluster-api/label",
    "The controllers of Cluster API (August 2026) only see Secrets with the label \
     cluster.x-k8s.io/cluster-name.",
);
pub(super) static CNPG_KEYS: RuleInfo = RuleInfo::warning(
    "cnpg/keys",
    "CloudNativePG (1.30) requires username and password in the Secret of an owner, a superuser \
     or a role. It uses them as they are: a newline becomes part of them.",
);
pub(super) static LOKI_BOOLEAN: RuleInfo = RuleInfo::warning(
    "loki/boolean",
    "The Loki operator (August 2026) reads forcepathstyle as exactly true or false.",
);
pub(super) static LOKI_ENDPOINT: RuleInfo = RuleInfo::warning(
    "loki/endpoint",
    "The Loki operator (August 2026) requires a URL with http or https and without a path as \
     endpoint of an S3 storage.",
);
pub(super) static LOKI_KEYS: RuleInfo = RuleInfo::warning(
    "loki/keys",
    "The Loki operator (August 2026) requires bucketnames, endpoint, access_key_id and \
     access_key_secret for an S3 storage; with role_arn, bucketnames and region.",
);
pub(super) static LONGHORN_KEYS: RuleInfo = RuleInfo::warning(
    "longhorn/keys",
    "Longhorn (August 2026) passes the keys of a backup Secret on as environment variables: \
     AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together, in upper case.",
);
pub(super) static MINIO_EXPORT: RuleInfo = RuleInfo::warning(
    "minio/export",
    "The MinIO operator (October 2025) reads only the lines of config.env that start with export. \
     It leaves out any other line without a message.",
);
pub(super) static MINIO_KEYS: RuleInfo = RuleInfo::warning(
    "minio/keys",
    "The MinIO operator (October 2025) reads a certificate from public.crt and private.key, \
     unless the tenant gives the type kubernetes.io/tls for it.",
);
pub(super) static MONGODB_PEM: RuleInfo = RuleInfo::warning(
    "mongodb/pem",
    "The MongoDB operator (May 2025) requires tls.pem to be exactly tls.crt and tls.key, joined \
     by one newline and without one at the end, if all three are there. One that cat wrote \
     differs in its final newline, and is an error. Leave out tls.pem.",
);
pub(super) static MYSQL_KEYS: RuleInfo = RuleInfo::warning(
    "mysql/keys",
    "MySQL Operator (September 2024) requires rootPassword; rootUser and rootHost have defaults.",
);
pub(super) static STRIMZI_GENERATION: RuleInfo = RuleInfo::warning(
    "strimzi/generation",
    "The annotations strimzi.io/ca-cert-generation and strimzi.io/ca-key-generation of a CA of \
     your own are whole numbers (Strimzi 1.3).",
);
pub(super) static VELERO_KEYS: RuleInfo = RuleInfo::warning(
    "velero/keys",
    "Velero (May 2026) reads the credentials of a cloud from the key cloud of the Secret cloud- \
     credentials.",
);
