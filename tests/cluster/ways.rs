//! The way to a server, in messages, in the commands of hints and in the log of `-v`.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::double::{Double, Fault, Rule};
use super::tool::{at, tool, with_kubeconfig};
use crate::harness::Answer;

const FAR: &str = "https://far.invalid:6443";

/// A kubeconfig for a server that only a proxy leads to.
fn kubeconfig(cluster: &Value) -> String {
    json!({
        "current-context": "x",
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": {"token": "hunter2"}}],
    })
    .to_string()
}

/// A proxy that gives every caller this answer; its port.
fn proxy(answer: &'static str) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut caller in listener.incoming().map_while(Result::ok) {
            let _ = caller.read(&mut [0; 4096]);
            let _ = caller.write_all(answer.as_bytes());
        }
    });
    port
}

fn stderr(answer: &Answer) -> String {
    String::from_utf8(answer.stderr.clone()).unwrap()
}

#[test]
fn a_proxy_is_named_with_what_it_comes_from() {
    let busy = proxy("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
    let asks = proxy("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    for (port, why) in [
        (busy, "the proxy does not connect to the server"),
        (asks, "the proxy asks for a login (407)"),
        (closed, "the proxy refused the connection"),
    ] {
        let url = format!("http://user:hunter2@127.0.0.1:{port}");
        let shown = format!("http://127.0.0.1:{port}");
        let run = |cluster: &Value, flags: &str| {
            with_kubeconfig(&kubeconfig(cluster), &format!("generic s --from-literal=a=b {flags}"))
        };
        let plain = json!({"server": FAR});
        let rows = [
            (run(&json!({"server": FAR, "proxy-url": url}), ""), "proxy-url of cluster c"),
            (run(&plain, &format!("--proxy-url={url}")), "--proxy-url"),
            (run(&plain, "").env("HTTPS_PROXY", &url), "HTTPS_PROXY"),
            (run(&plain, "").env("https_proxy", &url), "https_proxy"),
        ];
        for (run, origin) in rows {
            let answer = run.run();
            let stderr = stderr(&answer);
            let wanted = format!(
                "error: secret/s was not created in namespace default: {why} (proxy {shown} from \
                 {origin}, server far.invalid:6443, context x)\n"
            );
            assert!(stderr.starts_with(&wanted), "{stderr}");
            assert!(!stderr.contains("hunter2"), "{stderr}");
        }
    }
}

/// A server refuses it in the handshake; with TLS 1.3 the request is on its way by then.
#[test]
fn an_expired_client_certificate_is_named() {
    let double = Double::start();
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let mut config: Value = serde_json::from_str(&double.kubeconfig()).unwrap();
    let user = &mut config["users"][0]["user"];
    user["client-certificate-data"] = STANDARD.encode(certificate.pem()).into();
    user["client-key-data"] = STANDARD.encode(key.serialize_pem()).into();
    for (flags, deed) in [("", "created"), ("--apply", "applied")] {
        let words = format!("generic x --from-literal=a=b {flags}");
        with_kubeconfig(&config.to_string(), &words).run().fails(&format!(
            "error: secret/x was not {deed} in namespace default: the client certificate of user \
             double expired on 2021-01-01T00:00:00Z{}\n\
             hint: log in again, or choose another user with --context or --user\n",
            at(&double)
        ));
        assert!(double.seen().is_empty());
    }
}

#[test]
fn commands_of_hints_reach_the_same_cluster() {
    let double = Double::start();
    double.fault(Rule::new(Fault::Reset).on("POST").times(99));
    let url = double.url();
    let words = format!(
        "generic x --from-literal=a=1 -n kube-system --kubeconfig=kubeconfig --context=double \
         --cluster=double --user=double -s {url} --as=admin --as-group=system:masters \
         --tls-server-name=localhost"
    );
    let answer = tool(&double, &words).run();
    let wanted = format!(
        "hint: check whether it exists: kubectl get secret x -n kube-system --context double \
         --kubeconfig kubeconfig --cluster double --user double -s {url} --as admin --as-group \
         system:masters --tls-server-name localhost\n"
    );
    assert!(stderr(&answer).contains(&wanted), "{}", stderr(&answer));
}

#[test]
fn requests_are_logged_when_asked_for() {
    let double = Double::start();
    let shown = format!(
        "using kubeconfig kubeconfig, context double, user double, namespace default, server {}\n",
        double.url()
    );
    let path = format!("{}/api/v1/namespaces/default/secrets", double.url());
    for (flags, has_log, has_headers) in
        [("", false, false), ("-v=5", false, false), ("--v=6", true, false), ("-v 8", true, true)]
    {
        double.remove_secret("default", "x");
        let config = double.kubeconfig_for("hunter2hunter2");
        double.add_user("hunter2hunter2", "u", super::double::Rights::All);
        let words = format!("generic x --from-literal=a=hunter3 {flags}");
        let answer = with_kubeconfig(&config, &words).run();
        let stderr = stderr(&answer);
        assert_eq!(answer.stdout, b"secret/x created\n");
        assert_eq!(stderr.starts_with(&shown), has_log, "{flags}: {stderr}");
        let request = format!("\nPOST {path}?fieldManager=mksecret&fieldValidation=Strict 201 ");
        assert_eq!(stderr.contains(&request), has_log, "{flags}: {stderr}");
        for header in ["  > authorization: <hidden>\n", "  < content-type: application/json\n"] {
            assert_eq!(stderr.contains(header), has_headers, "{flags}: {stderr}");
        }
        assert!(!stderr.contains("hunter"), "{stderr}");
        assert!(has_log || stderr.is_empty(), "{stderr}");
    }
    // Only what is sent is logged.
    let words = "generic x --from-literal=a=b --dry-run=client -o name -v=9";
    tool(&double, words).run().succeeds("secret/x\n", "");
}
