//! What a server refuses, in words for people, with a way out and without a value.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::double::{Double, Fault, Rights, Rule};
use super::tool::{secret, tool, tool_as};

/// Words that reach the server although they are wrong, and what is said then.
const REFUSED: [(&str, &str); 17] = [
    (
        "generic x --from-literal=a=1 -n none",
        "error: namespace \"none\" does not exist\nhint: kubectl create namespace none\n",
    ),
    (
        "generic x --from-literal=a=1 -n none --apply",
        "error: namespace \"none\" does not exist\nhint: kubectl create namespace none\n",
    ),
    (
        "generic x --from-literal=a=1 -n ending",
        "error: secret/x cannot be created in namespace ending: the namespace is being deleted\n\
         hint: wait until it is gone, then create it again\n",
    ),
    (
        "generic x --from-literal=a=1 -n ending --apply",
        "error: secret/x cannot be applied in namespace ending: the namespace is being deleted\n\
         hint: wait until it is gone, then create it again\n",
    ),
    (
        "generic there --from-literal=a=1",
        "error: secret/there already exists in namespace default\n\
         hint: use --if-absent to leave it unchanged, or --apply to update it\n",
    ),
    (
        "generic there --from-literal=a=1 --apply",
        "error: secret/there was not applied in namespace default: key a is managed by \"other\"\n\
         hint: --force-conflicts takes them over\n",
    ),
    (
        "generic X_y --from-literal=a=1 --validate=ignore",
        "error: the API server refuses secret/X_y in namespace default: metadata.name: Invalid \
         value: \"X_y\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
         characters, '-' or '.', and must start and end with an alphanumeric character (e.g. \
         'example.com', regex used for validation is \
         '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\n\
         hint: change it to match this rule\n",
    ),
    (
        "generic x --type=kubernetes.io/tls --from-literal=tls.crt=hunter2 --validate=ignore",
        "error: the API server refuses secret/x in namespace default: key tls.key is missing\n\
         hint: add it, or use another --type\n",
    ),
    (
        "generic x --type=kubernetes.io/ssh-auth --from-literal=a=hunter2 --validate=ignore",
        "error: the API server refuses secret/x in namespace default: key ssh-privatekey is \
         missing\n\
         hint: add it, or use another --type\n",
    ),
    (
        "generic x --type=kubernetes.io/basic-auth --from-literal=a=hunter2 --validate=ignore",
        "error: the API server refuses secret/x in namespace default: key username is missing; \
         key password is missing\n\
         hint: add it, or use another --type\n",
    ),
    (
        "generic x --type=kubernetes.io/dockercfg --from-literal=a=hunter2 --validate=ignore",
        "error: the API server refuses secret/x in namespace default: key .dockercfg is missing\n\
         hint: add it, or use another --type\n",
    ),
    (
        "generic x --type=kubernetes.io/dockerconfigjson --from-literal=a=1 --validate=ignore",
        "error: the API server refuses secret/x in namespace default: key .dockerconfigjson is \
         missing\n\
         hint: add it, or use another --type\n",
    ),
    (
        "generic x --type=kubernetes.io/dockerconfigjson --validate=ignore \
         --from-literal=.dockerconfigjson=hunter2",
        "error: the API server refuses secret/x in namespace default: the value of key \
         .dockerconfigjson does not have the format that its type requires\n\
         hint: run it without --validate=ignore to see why\n",
    ),
    (
        "generic x --type=kubernetes.io/service-account-token --from-literal=a=1 \
         --validate=ignore",
        "error: the API server refuses secret/x in namespace default: \
         metadata.annotations[kubernetes.io/service-account.name]: Required value\n\
         hint: add it, or use another --type\n",
    ),
    (
        "generic x --from-file=big --validate=ignore",
        "error: the API server refuses secret/x in namespace default: data: Too long: may not be \
         more than 1048576 bytes\n\
         hint: split it into several Secrets\n",
    ),
    (
        "generic x --from-file=a=big --from-file=b=big --from-file=c=big --validate=ignore",
        "error: secret/x is too large for the API server: Request entity too large: limit is \
         3145728\n\
         hint: split it into several Secrets\n",
    ),
    (
        "generic x --from-literal=a=1 --validate=ignore --annotations=n=LONG \
         --annotations=m=LONG --annotations=o=LONG",
        "error: the API server refuses secret/x in namespace default: metadata.annotations: Too \
         long: may not be more than 262144 bytes\n\
         hint: shorten it\n",
    ),
];

#[test]
fn what_the_server_refuses_is_explained() {
    let big = "A".repeat(1_100_000);
    let annotations = "A".repeat(90_000);
    for (words, wanted) in REFUSED {
        let double = Double::start();
        double.add_namespace("ending", &[]);
        double.end_namespace("ending");
        double.create_secret("other", "default", secret("there", &json!({"a": "b3RoZXI="})));
        let before = double.writes();
        let words: Vec<_> = words
            .split_whitespace()
            .map(|word| word.replace("LONG", &annotations).into())
            .collect();
        tool(&double, "").words(words).file("big", &big).run().fails(wanted);
        assert_eq!(double.writes(), before);
    }
}

#[test]
fn who_may_not_is_told_what_and_how_to_see_it() {
    let double = Double::start();
    for flags in ["", "--apply", "--if-absent", "--dry-run=server"] {
        let words = format!("generic x --from-literal=a=hunter2 {flags}");
        let deed = if flags == "--apply" { "applied" } else { "created" };
        tool_as(&double, "nobody", &words).run().fails(&format!(
            "error: secret/x was not {deed} in namespace default: the API server does not accept \
             the credentials (401)\n\
             hint: log in again, or choose another user with --context or --user\n"
        ));
    }
    tool_as(&double, "limited", "generic x --from-literal=a=hunter2").run().fails(
        "error: secret/x may not be created in namespace default: secrets is forbidden: User \
         \"limited\" cannot create resource \"secrets\" in API group \"\" in the namespace \
         \"default\"\n\
         hint: ask for permission; check it with: kubectl auth can-i create secrets -n default\n",
    );
    tool_as(&double, "limited", "generic x --from-literal=a=hunter2 --apply").run().fails(
        "error: secret/x may not be applied in namespace default: secrets \"x\" is forbidden: User \
         \"limited\" cannot patch resource \"secrets\" in API group \"\" in the namespace \
         \"default\"\n\
         hint: ask for permission; check it with: kubectl auth can-i patch secrets -n default\n",
    );
    double.add_user("r", "reader", Rights::Only(vec![("get".into(), "secrets".into())]));
    double.create_secret("mksecret", "default", secret("x", &json!({"a": "MQ=="})));
    let answer = tool_as(&double, "r", "generic x --from-literal=a=hunter2 --apply").run();
    let stderr = String::from_utf8(answer.stderr).unwrap();
    assert!(
        stderr.starts_with("error: secret/x may not be applied in namespace default: "),
        "{stderr}"
    );
}

/// A refusal that no recording has.
fn refusal(code: u16, reason: &str, message: &str, details: &Value) -> Fault {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "details": details, "code": code,
    });
    let body = Box::leak(body.to_string().into_boxed_str());
    Fault::Foreign { status: code, content_type: "application/json", body }
}

#[test]
fn what_else_a_server_refuses_has_words_and_a_way_out() {
    let x = json!({"name": "x", "kind": "secrets"});
    let rows = [
        (
            refusal(
                403,
                "Forbidden",
                "secrets \"x\" is forbidden: exceeded quota: q, requested: \
                                       count/secrets=1",
                &x,
            ),
            "error: secret/x may not be created in namespace default: secrets \"x\" is forbidden: \
             exceeded quota: q, requested: count/secrets=1\n\
             hint: kubectl describe quota -n default shows what is used\n",
        ),
        (
            refusal(
                403,
                "Forbidden",
                "admission webhook \"w\" denied the request: hunter2 is weak, \
                                       aHVudGVyMg== too",
                &x,
            ),
            "error: secret/x may not be created in namespace default: admission webhook \"w\" denied \
             the request: <hidden> is weak, <hidden> too\n\
             hint: rejected by an admission webhook; ask its owner\n",
        ),
        (
            refusal(400, "BadRequest", "the body hunter2 is bad", &x),
            "error: the API server refuses secret/x in namespace default: the body <hidden> is bad\n\
             hint: --dry-run=client -o yaml prints what was sent\n",
        ),
        (
            refusal(
                404,
                "NotFound",
                "the server could not find the requested resource",
                &json!({}),
            ),
            "error: the API server refuses secret/x in namespace default: the server could not find \
             the requested resource\n\
             hint: check the path in the server's address: kubectl config view --minify\n",
        ),
        (
            refusal(
                422,
                "Invalid",
                "Secret \"x\" is invalid",
                &json!({"causes": [
                    {"reason": "FieldValueInvalid", "field": "data[a]", "message": "hunter2: no"},
                ]}),
            ),
            "error: the API server refuses secret/x in namespace default: data[a]: <hidden>: no\n\
             hint: change it to match this rule\n",
        ),
        (
            refusal(429, "TooManyRequests", "slow down", &json!({"retryAfterSeconds": 3600})),
            "error: secret/x was not created in namespace default: the server is busy and asks to \
             wait 3600 s (429)\n\
             hint: run it again later\n",
        ),
        (
            refusal(415, "UnsupportedMediaType", "no JSON here", &json!({})),
            "error: the API server refuses secret/x in namespace default: no JSON here\n\
             hint: --dry-run=client -o yaml prints what was sent\n",
        ),
    ];
    for (fault, wanted) in rows {
        let double = Double::start();
        double.fault(Rule::new(fault));
        tool(&double, "generic x --from-literal=a=hunter2").run().fails(wanted);
        assert_eq!(double.seen().len(), 1, "a refusal is not tried again");
        assert_eq!(double.secret("default", "x"), None);
    }
}

#[test]
fn live_values_are_hidden_too() {
    let double = Double::start();
    let live = json!({"a": "aHVudGVyMg==", "b": "b2xkZXI="});
    double.create_secret("other", "default", secret("x", &live));
    let said = "the new hunter2345 is as weak as hunter2, and older stays";
    let details = json!({"name": "x", "kind": "secrets"});
    double.fault(Rule::new(refusal(403, "Forbidden", said, &details)).on("PATCH"));
    let words = "generic x --from-literal=a=hunter2345 --apply --force-conflicts";
    let answer = tool(&double, words).run();
    answer.fails(
        "error: secret/x may not be applied in namespace default: the new <hidden> is as weak as \
         <hidden>, and <hidden> stays\n\
         hint: ask for permission; check it with: kubectl auth can-i patch secrets -n default\n",
    );
}

#[test]
fn values_in_warnings_are_hidden() {
    // The double warns of nothing that shows a value, so a name has to stand for one.
    let double = Double::start();
    let words = "generic x --type=kubernetes.io/tls --from-literal=tls.crt=certificate \
                 --from-literal=tls.key=1 --validate=ignore";
    tool(&double, words).run().succeeds(
        "secret/x created\n",
        "warning: tls: failed to find any PEM data in <hidden> input\n",
    );
}
