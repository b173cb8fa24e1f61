//! `--seal` with the certificate of a controller on a cluster, or of an address.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::double::{
    Certificate, ConnectionFault, Credential, Double, Fault, Options, Rights, Rule, Service,
    kubeconfig,
};
use super::tool::{at, requests, tool, tool_as, with_kubeconfig};
use crate::harness::{Answer, Run, in_parallel, masked, mksecret, source};

const CERTIFICATE: &str = include_str!("../fixtures/seal/cert.pem");
const WORDS: &str = "generic db -n prod --from-literal=password=hunter2 --seal";
const NAME: &str = "sealed-secrets-controller";
const SEALED: &str = "---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: db
  namespace: prod
spec:
  encryptedData:
    password: <SEALED>
  template:
    metadata:
      name: db
      namespace: prod
";
const OR_FILE: &str = "hint: --seal=FILE works without the cluster\n";

fn service(port: &str) -> Service {
    Service { port: port.to_owned(), certificate: CERTIFICATE.to_owned(), has_endpoints: true }
}

/// A cluster with the controller where kubeseal looks for it.
fn with_controller() -> Double {
    let double = Double::start();
    double.add_controller("kube-system", NAME, service(""));
    double
}

fn sealed(run: &Run) -> Answer {
    let mut answer = run.run();
    answer.stdout = masked(&answer.stdout);
    answer
}

#[track_caller]
fn seals(run: &Run) {
    sealed(run).succeeds(SEALED, "");
}

/// The two requests that kubeseal makes.
fn asked(namespace: &str, name: &str, port: &str) -> [String; 2] {
    let services = format!("GET {namespace}/services");
    [format!("{services}/{name}"), format!("{services}/http:{name}:{port}/proxy/v1/cert.pem")]
}

#[test]
fn the_controller_is_asked_as_by_kubeseal() {
    for port in ["", "http"] {
        let double = Double::start();
        double.add_controller("kube-system", NAME, service(port));
        seals(&tool(&double, WORDS));
        assert_eq!(requests(&double), asked("kube-system", NAME, port));
        seals(&tool(&double, "seal").file("db.yaml", MANIFEST).arg("db.yaml"));
        assert!(double.writes().iter().all(|write| write.place.namespace.is_empty()));
    }
}

const MANIFEST: &str = "apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: prod
data:
  password: aHVudGVyMg==
";

#[test]
fn flags_and_variables_name_the_controller() {
    const NAMESPACE: (&str, &str) = ("SEALED_SECRETS_CONTROLLER_NAMESPACE", "sealing");
    const NAMED: (&str, &str) = ("SEALED_SECRETS_CONTROLLER_NAME", "sealed-secrets");

    let rows: [(&str, &[(&str, &str)], (&str, &str)); 8] = [
        ("--seal-controller=sealed-secrets", &[], ("kube-system", "sealed-secrets")),
        ("--seal-controller=sealing/sealed-secrets", &[], ("sealing", "sealed-secrets")),
        ("", &[NAMESPACE], ("sealing", NAME)),
        ("", &[NAMED], ("kube-system", "sealed-secrets")),
        ("", &[NAMESPACE, NAMED], ("sealing", "sealed-secrets")),
        ("--seal-controller=mine", &[NAMESPACE, NAMED], ("sealing", "mine")),
        ("--seal-controller=other/mine", &[NAMESPACE, NAMED], ("other", "mine")),
        // A controller that is named is asked, whatever certificate the environment has.
        ("--seal-controller=mine", &[("SEALED_SECRETS_CERT", "none.pem")], ("kube-system", "mine")),
    ];
    for (flag, variables, (namespace, name)) in rows {
        let double = Double::start();
        double.add_controller(namespace, name, service("http"));
        let run = tool(&double, &format!("{WORDS} {flag}"));
        seals(&variables.iter().fold(run, |run, (name, value)| run.env(*name, *value)));
        assert_eq!(requests(&double), asked(namespace, name, "http"), "{flag} {variables:?}");
    }
}

#[test]
fn a_certificate_that_is_named_leaves_the_cluster_alone() {
    let double = with_controller();
    let run = tool(&double, WORDS).file("cert.pem", CERTIFICATE);
    seals(&run.env("SEALED_SECRETS_CERT", "cert.pem"));
    seals(&tool(&double, &format!("{WORDS}=cert.pem")).file("cert.pem", CERTIFICATE));
    assert_eq!(double.connections(), 0);
}

#[test]
fn the_context_and_the_kubeconfig_decide_which_cluster() {
    let (one, other) = (Double::start(), with_controller());
    let config = kubeconfig(&[
        ("one", &one, Credential::Certificate),
        ("other", &other, Credential::Certificate),
    ]);
    seals(&with_kubeconfig(&config, &format!("{WORDS} --context=other")));
    let run = mksecret(WORDS.split_whitespace()).file("elsewhere", other.kubeconfig());
    seals(&run.arg("--kubeconfig=elsewhere"));
    assert_eq!((one.seen().len(), other.seen().len()), (0, 4));
    with_kubeconfig(&config, WORDS).run().fails(&format!(
        "error: cannot get the certificate from service {NAME} in namespace kube-system: the cluster \
         has no such service\n\
         hint: kubectl get services --all-namespaces shows the name of the controller's\n\
         hint: pass it: --seal-controller=NAMESPACE/NAME\n"
    ));
}

#[test]
fn refusals_of_the_server_are_explained() {
    let from =
        format!("error: cannot get the certificate from service {NAME} in namespace kube-system");
    let rows: [(&[&str], bool); 3] =
        [(&[], true), (&["services"], true), (&["services", "services/proxy"], false)];
    for (rights, has_endpoints) in rows {
        let double = Double::start();
        double.add_controller("kube-system", NAME, Service { has_endpoints, ..service("") });
        let rights = rights.iter().map(|right| ("get".to_owned(), (*right).to_owned())).collect();
        double.add_user("sealer", "sealer", Rights::Only(rights));
        let answer = tool_as(&double, "sealer", WORDS).run();
        if has_endpoints {
            answer.fails(&format!(
                "{from}: the server forbids it\n\
                 hint: needed: get on services and services/proxy: kubectl auth can-i get \
                 services/{NAME} --subresource=proxy -n kube-system\n{OR_FILE}"
            ));
        } else {
            answer.fails(&format!(
                "{from}: the server returned 503 Service Unavailable: no endpoints available for \
                 service \"http:{NAME}:\"\n{OR_FILE}"
            ));
        }
    }
}

#[test]
fn what_is_no_certificate_is_not_sealed_for() {
    let expired = std::fs::read_to_string(source("tests/fixtures/seal/certs/expired.crt")).unwrap();
    let rows = [
        ("<html><body>Sign in</body></html>\n", "no certificate found"),
        ("garbage\n", "no certificate found"),
        ("", "no certificate found"),
        ("{\"kind\":\"Status\"}\n", "no certificate found"),
        (&expired, "the certificate expired on 2021-01-01T00:00:00Z"),
    ];
    for (certificate, why) in rows {
        let double = Double::start();
        let certificate = certificate.to_owned();
        double.add_controller("kube-system", NAME, Service { certificate, ..service("") });
        let answer = tool(&double, WORDS).run();
        answer.fails(&format!(
            "error: {why} (--seal: service kube-system/{NAME})\n\
             hint: pass another service: --seal-controller=NAMESPACE/NAME, or a file: --seal=FILE\n"
        ));
    }
}

#[test]
fn faults_on_the_way_are_explained() {
    const PAGE: &str = "<html><body>Sign in</body></html>";
    const BETWEEN: &str = "hint: something between here and the API server may have answered: a proxy, \
                           a login page\n";
    const PATIENCE: &str = "hint: --request-timeout=0 waits as long as it takes\n";

    let page = |status| Fault::Foreign { status, content_type: "text/html", body: PAGE };
    let status = |code| Fault::Status { code, retry_after: None };
    let redirect = || Fault::Redirect("https://elsewhere.invalid/cert.pem?token=geheim");
    let long = Duration::from_secs(30);
    let elsewhere =
        "the server answers with a redirect (302) to https://elsewhere.invalid/cert.pem";
    let foreign = "the response (HTTP status 200) is not from an API server";
    let cut = "the connection was closed before the response was complete";
    let etcd = "the API server returned an internal error (500): Internal error occurred: \
                etcdserver: no leader";
    let busy = "the server returned 503 Service Unavailable: the server is currently unable to handle \
                the request";
    // Words about the API server have no place in them.
    let rows = [
        (page(200), "/services/", foreign, true, BETWEEN),
        (page(502), "/proxy/", "the server returned 502 Bad Gateway", true, ""),
        (redirect(), "/services/", elsewhere, true, BETWEEN),
        (redirect(), "/proxy/", elsewhere, true, BETWEEN),
        (Fault::Truncated, "/proxy/", cut, true, ""),
        (Fault::Garbage, "/proxy/", "the response is not HTTP", true, BETWEEN),
        (status(500), "/proxy/", etcd, false, ""),
        (status(503), "/services/", busy, false, ""),
        (Fault::Slow(long), "/services/", "no response within 700 ms", true, PATIENCE),
        (Fault::Drip(long), "/proxy/", "no response within 700 ms", true, PATIENCE),
    ];
    in_parallel(&rows, |(fault, place, why, is_on_the_way, hint)| {
        let double = Double::with(&Options { http1_only: true, ..Options::default() });
        double.add_controller("kube-system", NAME, service(""));
        double.fault(Rule::new(fault.clone()).at(*place).times(100));
        let server = if *is_on_the_way { at(&double) } else { String::new() };
        tool(&double, &format!("{WORDS} --request-timeout=700ms"))
            .run()
            .fails(&format!("{}: {why}{server}\n{hint}{OR_FILE}", from()));
    });
}

/// How messages about the controller begin.
fn from() -> String {
    format!("error: cannot get the certificate from service {NAME} in namespace kube-system")
}

#[test]
fn a_fault_that_passes_is_overcome() {
    for fault in [Fault::Reset, Fault::Close] {
        let double = with_controller();
        double.fault(Rule::new(fault));
        seals(&tool(&double, WORDS));
        assert_eq!(double.faults_left(), 0);
    }
}

#[test]
fn servers_that_cannot_be_reached() {
    let check = "hint: check the server's address: kubectl config view --minify\n";
    let double = with_controller();
    double.listen(false);
    tool(&double, WORDS).run().fails(&format!(
        "{}: the connection was refused{}\n{check}{OR_FILE}",
        from(),
        at(&double)
    ));
    let double = Double::with(&Options { certificate: Certificate::OtherCa, ..Options::default() });
    tool(&double, WORDS).run().fails(&format!(
        "{}: TLS failed: the server's certificate is not signed by a trusted CA (issuer \"CN=another \
         CA\"){}\n\
         hint: the kubeconfig's certificate-authority may belong to another cluster; \
         --certificate-authority=FILE sets one\n{OR_FILE}",
        from(),
        at(&double)
    ));
    let double = with_controller();
    double.fault_connection(0, ConnectionFault::Silent);
    tool(&double, &format!("{WORDS} --request-timeout=500ms")).run().fails(&format!(
        "{}: connecting timed out{}\n{check}{OR_FILE}",
        from(),
        at(&double)
    ));
    mksecret(WORDS.split(' ')).run().fails(&format!(
        "{}: no cluster is configured\n\
         hint: pass a kubeconfig: --kubeconfig=FILE, or set the variable KUBECONFIG\n{OR_FILE}",
        from()
    ));
}

/// A web server for one request, with its address; it ends with the lines that it was asked with.
fn web(head: &str, body: &str) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answer = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let server = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let lines = BufReader::new(socket.try_clone().unwrap()).lines().map(Result::unwrap);
        let lines = lines.take_while(|line| !line.is_empty()).collect();
        socket.write_all(answer.as_bytes()).unwrap();
        lines
    });
    (address, server)
}

/// Whether a request carries a login.
fn has_login(lines: &[String]) -> bool {
    lines.iter().any(|line| {
        let line = line.to_ascii_lowercase();
        ["authorization:", "cookie:", "impersonate", "admin-token"]
            .iter()
            .any(|word| line.contains(word))
    })
}

#[test]
fn a_certificate_over_http_on_this_machine() {
    let double = with_controller();
    double.add_user("admin-token", "admin", Rights::All);
    let (address, server) = web("200 OK", CERTIFICATE);
    seals(&tool_as(&double, "admin-token", &format!("{WORDS}=http://{address}/v1/cert.pem?a=b")));
    let lines = server.join().unwrap();
    assert_eq!(lines[0], "GET /v1/cert.pem?a=b HTTP/1.1");
    assert!(!has_login(&lines), "{lines:?}");
    assert_eq!(double.connections(), 0);

    for (head, body, why) in [
        ("404 Not Found", "<html>no such page</html>", "status 404"),
        (
            "302 Found\r\nLocation: http://127.0.0.1:1/cert.pem",
            "",
            "the server answers with a redirect (302) to http://127.0.0.1:1/cert.pem",
        ),
        ("401 Unauthorized\r\nWWW-Authenticate: Basic", "hunter3", "status 401"),
        ("403 Forbidden", "hunter3", "status 403"),
    ] {
        let (address, server) = web(head, body);
        let words = format!("{WORDS}=http://user:geheim@{address}/c.pem");
        mksecret(words.split(' ')).run().fails(&format!(
            "error: cannot download the certificate from http://{address}/c.pem: {why}\n\
             hint: download it yourself and pass the file: --seal=FILE\n"
        ));
        server.join().unwrap();
    }
    let (address, server) = web("200 OK", "<html>Sign in</html>");
    mksecret(format!("{WORDS}=http://{address}/c.pem").split(' ')).run().fails(&format!(
        "error: no certificate found (--seal: http://{address}/c.pem)\n\
         hint: get the controller's current one: kubeseal --fetch-cert > cert.pem, or leave out the \
         file: --seal\n"
    ));
    server.join().unwrap();
}

#[test]
fn a_certificate_over_https_without_the_kubeconfigs_login() {
    let double = with_controller();
    double.add_user("admin-token", "admin", Rights::All);
    let pem = "application/x-pem-file";
    double.fault(
        Rule::new(Fault::Foreign { status: 200, content_type: pem, body: CERTIFICATE }).times(2),
    );
    let words = format!("{WORDS}={}/cert.pem", double.url());
    let trusting = |run: Run| run.file("ca.pem", double.ca_pem()).env("SSL_CERT_FILE", "ca.pem");
    seals(&trusting(tool_as(&double, "admin-token", &words)));
    seals(&trusting(tool(&double, &words)));
    for seen in double.seen() {
        let headers = seen.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        assert!(!has_login(&headers.collect::<Vec<_>>()), "{seen:?}");
        assert!(!seen.has_certificate, "{seen:?}");
    }
    assert_eq!(double.seen().len(), 2);
    tool(&double, &words).run().fails(&format!(
        "error: cannot download the certificate from {0}/cert.pem: TLS failed: the server's \
         certificate is not signed by a trusted CA (issuer \"CN=double CA\") (server {1})\n\
         hint: download it yourself and pass the file: --seal=FILE\n",
        double.url(),
        double.url().replace("https://", "")
    ));
}
