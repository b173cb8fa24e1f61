//! Sections of manual pages that are not in the definition: environment, files, other pages.

/// A name and what it means.
pub(super) type Row = (&'static str, &'static str);

#[derive(Clone, Copy)]
pub(super) struct Notes {
    pub(super) environment: &'static [Row],
    pub(super) files: &'static [Row],
    /// Pages of others, with their sections.
    pub(super) see_also: &'static [Row],
}

pub(super) const EXIT_STATUS: &[Row] = &[
    ("0", "Everything succeeded."),
    (
        "1",
        "Something failed; like kubectl, mksecret uses this status for every failure. Standard error \
         says what is wrong, where, and what to do, and never shows a value. With --dry-run=client, \
         standard output is complete or empty. On clusters, it contains a complete result for each \
         target that succeeded and nothing for the others. It is incomplete only if writing to it \
         failed, for example on a full disk. The file of --output-file is unchanged unless the status \
         is 0.",
    ),
    (
        "130",
        "What a shell reports after Ctrl-C at a prompt or while a Secret is printed: mksecret is \
         ended by the signal. During requests to a cluster, Ctrl-C starts no more targets; mksecret \
         reports the result of each target and exits with 1, or with 0 if all succeeded.",
    ),
];

const NO_COLOR: Row =
    ("NO_COLOR", "If set and not empty, messages are not colored, unless with --color=always.");
const QUIET: Row = (
    "MKSECRET_QUIET",
    "If set to 1, mksecret does not warn about values on the command line. No other warning is \
     affected.",
);
const CI: Row = ("CI", "If set, the same.");
const KUBECONFIG: Row =
    ("KUBECONFIG", "The kubeconfig files, separated by colons, unless --kubeconfig is given.");
const HOME: Row = ("HOME", "The directory of the files below.");
const KUBE_FILE: Row =
    ("~/.kube/config", "The default kubeconfig. It is not read when a Secret is only printed.");
const DOCKER_CONFIG: Row =
    ("DOCKER_CONFIG", "The directory of Docker's configuration, used to complete hosts.");
const DOCKER_FILE: Row = (
    "~/.docker/config.json",
    "Docker's configuration. Its hosts complete --docker-server and --only; --from-file stores it \
     in the Secret, and --merge-config adds its logins.",
);

/// What the page of a subcommand says, or of `mksecret` itself.
pub(super) fn of(page: &str) -> Notes {
    let usual = Notes {
        environment: &[QUIET, CI, NO_COLOR, KUBECONFIG, HOME],
        files: &[KUBE_FILE],
        see_also: &[("kubectl", "1")],
    };
    match page {
        "generic" => Notes {
            environment: &[
                (
                    "NAME",
                    "Any variable: a line NAME without = in an env file uses the value of the \
                     variable of that name.",
                ),
                QUIET,
                CI,
                NO_COLOR,
                KUBECONFIG,
                HOME,
            ],
            ..usual
        },
        "docker-registry" => Notes {
            environment: &[QUIET, CI, NO_COLOR, KUBECONFIG, DOCKER_CONFIG, HOME],
            files: &[DOCKER_FILE, KUBE_FILE],
            see_also: &[("docker-login", "1"), ("kubectl", "1")],
        },
        "tls" => Notes { see_also: &[("kubectl", "1"), ("openssl", "1")], ..usual },
        "basic-auth" => Notes { see_also: &[("htpasswd", "1"), ("kubectl", "1")], ..usual },
        "ssh-auth" => Notes {
            files: &[
                ("~/.ssh/known_hosts", "Server keys in the form that --known-hosts expects."),
                KUBE_FILE,
            ],
            see_also: &[("kubectl", "1"), ("ssh-keygen", "1"), ("ssh-keyscan", "1")],
            ..usual
        },
        "bootstrap-token" => Notes {
            files: &[
                (
                    "/etc/kubernetes/pki/ca.crt",
                    "The CA of a kubeadm cluster on its control plane, for --ca-cert.",
                ),
                KUBE_FILE,
            ],
            see_also: &[("kubeadm", "1"), ("kubectl", "1")],
            ..usual
        },
        "new" => Notes {
            files: &[
                (
                    "/dev/tty",
                    "The terminal for the questions, even if standard input and output are \
                     redirected.",
                ),
                KUBE_FILE,
            ],
            ..usual
        },
        "completion" => Notes {
            environment: &[KUBECONFIG, DOCKER_CONFIG, HOME],
            files: &[
                ("kubectl_complete-mksecret", "Completes kubectl mksecret, if it is in PATH."),
                KUBE_FILE,
                DOCKER_FILE,
            ],
            see_also: &[("bash", "1"), ("fish", "1"), ("kubectl", "1"), ("zsh", "1")],
        },
        _ => usual,
    }
}
