//! What manual pages say beside the definition: environment, files, other pages.

/// A name and what it means.
pub(super) type Row = (&'static str, &'static str);

/// What one page says.
#[derive(Clone, Copy)]
pub(super) struct Notes {
    pub(super) environment: &'static [Row],
    pub(super) files: &'static [Row],
    /// Pages of others, with their sections.
    pub(super) see_also: &'static [Row],
}

pub(super) const EXIT_STATUS: &[Row] = &[
    ("0", "All was done as asked."),
    (
        "1",
        "Something failed, as with kubectl for every kind of failure. Nothing was written to \
         standard output; standard error says what is wrong, where, and what to do, and shows no \
         value.",
    ),
];

const NO_COLOR: Row =
    ("NO_COLOR", "If set and not empty, messages have no colour, unless --color=always.");
const KUBECONFIG: Row =
    ("KUBECONFIG", "The kubeconfig files, parted by colons, where --kubeconfig names none.");
const HOME: Row = ("HOME", "The folder in which the files below are looked for.");
const KUBE_FILE: Row = (
    "~/.kube/config",
    "The kubeconfig where neither --kubeconfig nor KUBECONFIG names one. Nothing is read from it \
     when a Secret is only printed.",
);
const DOCKER_CONFIG: Row =
    ("DOCKER_CONFIG", "The folder of Docker's configuration, from which hosts are completed.");
const DOCKER_FILE: Row = (
    "~/.docker/config.json",
    "Docker's configuration. Its hosts complete --docker-server and --only; with --from-file it \
     becomes the Secret, and --merge-config takes its logins.",
);

/// What the page of a subcommand says, or of `mksecret` itself.
pub(super) fn of(page: &str) -> Notes {
    let usual = Notes {
        environment: &[NO_COLOR, KUBECONFIG, HOME],
        files: &[KUBE_FILE],
        see_also: &[("kubectl", "1")],
    };
    match page {
        "generic" => Notes {
            environment: &[
                (
                    "NAME",
                    "Any variable: a line NAME without = in an env file takes the value of the \
                     variable of that name.",
                ),
                NO_COLOR,
                KUBECONFIG,
                HOME,
            ],
            ..usual
        },
        "docker-registry" => Notes {
            environment: &[NO_COLOR, KUBECONFIG, DOCKER_CONFIG, HOME],
            files: &[DOCKER_FILE, KUBE_FILE],
            see_also: &[("docker-login", "1"), ("kubectl", "1")],
        },
        "tls" => Notes { see_also: &[("kubectl", "1"), ("openssl", "1")], ..usual },
        "basic-auth" => Notes { see_also: &[("htpasswd", "1"), ("kubectl", "1")], ..usual },
        "ssh-auth" => Notes {
            files: &[
                ("~/.ssh/known_hosts", "The keys of servers, as --known-hosts takes them."),
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
                    "The terminal on which questions are asked, whatever standard input and output \
                     are.",
                ),
                KUBE_FILE,
            ],
            ..usual
        },
        "completion" => Notes {
            environment: &[KUBECONFIG, DOCKER_CONFIG, HOME],
            files: &[
                ("kubectl_complete-mksecret", "On PATH: completes kubectl mksecret."),
                KUBE_FILE,
                DOCKER_FILE,
            ],
            see_also: &[("bash", "1"), ("fish", "1"), ("kubectl", "1"), ("zsh", "1")],
        },
        _ => usual,
    }
}
