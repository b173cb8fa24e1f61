//! `--seal` with the certificate of a controller on a cluster, or of an address.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::double::{
    Certificate, ConnectionFault, Credential, Double, Fault, Options, Rights, Rule, Service, kubeconfig,
};
use super::tool::{requests, tool, tool_as, with_kubeconfig};
use crate::harness::{Answer, Run, masked, mksecret, source};

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
    let from = format!("error: cannot get the certificate from service {NAME} in namespace kube-system");
    let rows: [(&[&str], bool, &str); 3] = [
        (&[], true, "the server forbids it"),
        (&["services"], true, "the server forbids it"),
        (&["services", "services/proxy"], false, "no endpoints available"),
    ];
    for (rights, has_endpoints, why) in rows {
        let double = Double::start();
        double.add_controller("kube-system", NAME, Service { has_endpoints, ..service("") });
        let rights = rights.iter().map(|right| ("get".to_owned(), (*right).to_owned())).collect();
        double.add_user("sealer", "sealer", Rights::Only(rights));
        let answer = tool_as(&double, "sealer", WORDS).run();
        let stderr = String::from_utf8_lossy(&answer.stderr).into_owned();
        if has_endpoints {
            answer.fails(&format!(
                "{from}: {why}\n\
                 hint: needed: get on services and services/proxy: kubectl auth can-i get \
                 services/{NAME} --subresource=proxy -n kube-system\n{OR_FILE}"
            ));
        } else {
            eprintln!("{stderr}");
            answer.fails("");
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
        answer.fails(&format!("error: {why} (--seal: service kube-system/{NAME})\n"));
    }
}

#[test]
fn faults_on_the_way_are_explained() {
    let rows = [
        (Fault::Foreign { status: 200, content_type: "text/html", body: "<html></html>" }, "service"),
        (Fault::Foreign { status: 200, content_type: "text/html", body: "<html></html>" }, "proxy"),
        (Fault::Foreign { status: 502, content_type: "text/html", body: "<html></html>" }, "proxy"),
        (Fault::Redirect("https://elsewhere.invalid/cert.pem"), "service"),
        (Fault::Redirect("https://elsewhere.invalid/cert.pem"), "proxy"),
        (Fault::Truncated, "proxy"),
        (Fault::Garbage, "proxy"),
        (Fault::Status { code: 500, retry_after: None }, "proxy"),
        (Fault::Status { code: 503, retry_after: None }, "service"),
        (Fault::Slow(Duration::from_secs(30)), "service"),
        (Fault::Drip(Duration::from_secs(30)), "proxy"),
    ];
    for (fault, place) in rows {
        let double = Double::with(&Options { http1_only: true, ..Options::default() });
        double.add_controller("kube-system", NAME, service(""));
        let rule = Rule::new(fault.clone()).times(100);
        double.fault(if place == "proxy" { rule.at("/proxy/") } else { rule.at("/services/") });
        let answer = tool(&double, &format!("{WORDS} --request-timeout=700ms")).run();
        eprintln!("{fault:?} {place}:\n{}", String::from_utf8_lossy(&answer.stderr));
        assert_eq!(answer.status, Some(1));
    }
    panic!();
}

#[test]
fn servers_that_cannot_be_reached() {
    let double = with_controller();
    double.listen(false);
    let answer = tool(&double, WORDS).run();
    eprintln!("{}", String::from_utf8_lossy(&answer.stderr));
    let double = Double::with(&Options { certificate: Certificate::OtherCa, ..Options::default() });
    let answer = tool(&double, WORDS).run();
    eprintln!("{}", String::from_utf8_lossy(&answer.stderr));
    let double = with_controller();
    double.fault_connection(0, ConnectionFault::Silent);
    let answer = tool(&double, &format!("{WORDS} --request-timeout=500ms")).run();
    eprintln!("{}", String::from_utf8_lossy(&answer.stderr));
    panic!();
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
        ["authorization:", "cookie:", "impersonate", "admin-token"].iter().any(|word| line.contains(word))
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

    for (head, body) in [
        ("404 Not Found", "<html>no such page</html>"),
        ("302 Found\r\nLocation: http://127.0.0.1:1/cert.pem", ""),
        ("401 Unauthorized\r\nWWW-Authenticate: Basic", "hunter3"),
        ("200 OK", "<html>Sign in</html>"),
    ] {
        let (address, server) = web(head, body);
        let answer = mksecret(format!("{WORDS}=http://user:geheim@{address}/c.pem").split(' ')).run();
        let stderr = String::from_utf8_lossy(&answer.stderr).into_owned();
        eprintln!("{head}: {stderr}");
        assert_eq!(answer.status, Some(1));
        assert!(!stderr.contains("geheim") && !stderr.contains("hunter"), "{stderr}");
        server.join().unwrap();
    }
    panic!();
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
    let answer = tool(&double, &words).run();
    eprintln!("{}", String::from_utf8_lossy(&answer.stderr));
    panic!();
}
