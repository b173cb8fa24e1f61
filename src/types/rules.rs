//! The rules that only apply while a Secret is built: on flags, and on how sources are read.

use crate::validate::RuleInfo;

pub(crate) static RULES: &[&RuleInfo] = &[
    &ANNOTATION_PAIRS,
    &NO_EFFECT,
    &REPEATED,
    &OTHER_MEANING,
    &ENV_LINE_IGNORED,
    &ENV_REPEATED_KEY,
    &ENV_VALUE,
    &LINES_IGNORED,
    &NO_VALUE,
    &PADDING,
    &SHELL_QUOTING,
    &SKIPPED,
    &UNSET_VARIABLE,
    &BCRYPT_LENGTH,
    &TOKEN_NEVER_EXPIRES,
    &LOGIN_SKIPPED,
    &LOGIN_ORDER,
    &NO_LOGIN_FOR_IMAGE,
    &NEWLINE_ADDED,
];

pub(crate) static ANNOTATION_PAIRS: RuleInfo = RuleInfo::warning(
    "flag/annotation-pairs",
    "The value of --annotations contains what looks like another annotation. kubectl splits \
     labels at commas; annotations are not split, since their values may contain commas.",
);
pub(crate) static NO_EFFECT: RuleInfo = RuleInfo::warning(
    "flag/no-effect",
    "The flag has no effect in this command, or because another flag is given. Leave it out.",
);
pub(crate) static REPEATED: RuleInfo = RuleInfo::warning(
    "flag/repeated",
    "A flag that takes one value is given more than once. Only the last is used, as in \
     kubectl.",
);
pub(crate) static OTHER_MEANING: RuleInfo = RuleInfo::warning(
    "flag/other-meaning",
    "The flag has another meaning than it has in docker or in other tools: --server, --user \
     and --password are about the cluster in kubectl, and in mksecret.",
);
pub(crate) static ENV_LINE_IGNORED: RuleInfo = RuleInfo::warning(
    "source/env-line-ignored",
    "A line of an env file is not an assignment, and --env-format=dotenv ignores it, as the npm \
     package dotenv does. It may be a part of a value of several lines that has no quotes.",
);
pub(crate) static ENV_REPEATED_KEY: RuleInfo = RuleInfo::warning(
    "source/env-repeated-key",
    "An env file sets a key more than once. With --env-format=dotenv the last value is used, as \
     in the npm package dotenv, and the others are dropped.",
);
pub(crate) static ENV_VALUE: RuleInfo = RuleInfo::warning(
    "source/env-value",
    "A value in an env file is probably not read as it is meant. By default it is read \
     literally, as kubectl does: quotes, blanks, a comment, a backslash at the end of the line \
     and what looks like the begin of a value of several lines become part of it. With \
     --env-format=dotenv, a \"#\" ends a value without quotes, a quote that is not closed and a \
     backslash before a quote are part of the value, and ${NAME} is not expanded.",
);
pub(crate) static LINES_IGNORED: RuleInfo = RuleInfo::warning(
    "source/lines-ignored",
    "The value of a flag that takes a list has several lines. Only the first is used, as in \
     kubectl.",
);
pub(crate) static NO_VALUE: RuleInfo = RuleInfo::warning(
    "source/no-value",
    "A source adds nothing: the flag is empty, the env file has no assignment or the \
     directory no regular file. A command before it may have failed, or a shell variable may \
     not be set.",
);
pub(crate) static PADDING: RuleInfo = RuleInfo::warning(
    "source/padding",
    "The value is \"=\" and nothing else: base64 text was probably passed as KEY, and its \
     padding was taken for the separator.",
);
pub(crate) static SHELL_QUOTING: RuleInfo = RuleInfo::warning(
    "source/shell-quoting",
    "A backslash before a character that single quotes do not need to escape is part of the \
     value.",
);
pub(crate) static SKIPPED: RuleInfo = RuleInfo::warning(
    "source/skipped",
    "Entries of a directory are skipped as in kubectl, since they are links, directories or \
     devices. Mounted Secrets and ConfigMaps consist of links: --follow-links reads them.",
);
pub(crate) static UNSET_VARIABLE: RuleInfo = RuleInfo::warning(
    "source/unset-variable",
    "A line of an env file has a name without \"=\", for which kubectl takes the value from the \
     environment. The variable is not set, so the value is empty.",
);
pub(crate) static BCRYPT_LENGTH: RuleInfo =
    RuleInfo::warning("login/bcrypt-length", "bcrypt uses only the first 72 bytes of a password.");
pub(crate) static TOKEN_NEVER_EXPIRES: RuleInfo = RuleInfo::warning(
    "bootstrap/never-expires",
    "A bootstrap token without an expiration lets anyone who has it join a node at any time.",
);
pub(crate) static LOGIN_SKIPPED: RuleInfo = RuleInfo::warning(
    "docker/skipped-login",
    "Some of the logins in a file are not taken into the Secret: they are damaged, or a \
     kubelet cannot use them.",
);
pub(crate) static LOGIN_ORDER: RuleInfo = RuleInfo::warning(
    "docker/login-order",
    "Several logins match an image. A kubelet tries them one after the other, those of the \
     same length in an order that is not defined.",
);
pub(crate) static NO_LOGIN_FOR_IMAGE: RuleInfo = RuleInfo::error(
    "docker/no-login-for-image",
    "The Secret has no login with which a kubelet can pull the image that --image names.",
);
pub(crate) static NEWLINE_ADDED: RuleInfo = RuleInfo::note(
    "ssh/final-newline-added",
    "mksecret ssh-auth added the newline at the end of the key, without which OpenSSH rejects \
     it.",
);
