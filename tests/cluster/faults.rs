//! Every fault at every step: what the tool reports is what the server has, nothing is lost and
//! nothing is done twice.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::double::{Double, Fault, Options, Resource, Rule, Seen};
use super::tool::{request, secret, tool};
use crate::harness::{Answer, at_once, none};

/// So many runs at once: they wait more than they work.
const AT_ONCE: usize = 40;

/// One order and the state that it meets.
struct Scenario {
    name: &'static str,
    words: &'static str,
    /// Who made the Secret that is there, how, and its data.
    there: Option<(&'static str, &'static str, Value)>,
    reach: Reach,
}

/// Where an order goes.
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    One,
    Namespaces,
    Selector,
}

fn scenarios() -> Vec<Scenario> {
    let old = || json!({"a": "b2xk", "b": "b2xk"});
    let one = |name, words, there| Scenario { name, words, there, reach: Reach::One };
    vec![
        one("create", "", None),
        one("create, there already", "", Some(("other", "Update", old()))),
        one("if absent", "--if-absent", None),
        one(
            "if absent, there already",
            "--if-absent -o jsonpath={.data.a}",
            Some(("other", "Update", old())),
        ),
        one("dry run of a create", "--dry-run=server", None),
        one("first apply", "--apply", None),
        one("apply", "--apply", Some(("mksecret", "Apply", old()))),
        one("apply of the same", "--apply", Some(("mksecret", "Apply", json!({"a": "bmV3"})))),
        one("apply over a create", "--apply", Some(("mksecret", "Update", old()))),
        one(
            "dry run of an apply over a create",
            "--apply --dry-run=server",
            Some(("mksecret", "Update", old())),
        ),
        one(
            "apply by force",
            "--apply --force-conflicts",
            Some(("kubectl-create", "Update", old())),
        ),
        one("merge", "--apply --merge", Some(("mksecret", "Apply", old()))),
        one("merge over a create", "--apply --merge", Some(("mksecret", "Update", old()))),
        one("merge into nothing", "--apply --merge", None),
        one("remove a key", "--apply --remove-key=b", Some(("mksecret", "Apply", old()))),
        one(
            "remove another's key",
            "--apply --remove-key=b --force-conflicts",
            Some(("other", "Apply", old())),
        ),
        one(
            "recreate",
            "--apply --recreate --type=other",
            Some(("mksecret", "Apply", json!({"a": "b2xk", "b": "b2xk"}))),
        ),
        Scenario {
            name: "fan-out of creates",
            words: "--parallel=2",
            there: None,
            reach: Reach::Namespaces,
        },
        Scenario {
            name: "fan-out of applies by a selector",
            words: "--apply",
            there: Some(("mksecret", "Update", old())),
            reach: Reach::Selector,
        },
    ]
}

/// A scenario in namespaces of its own, on a double that many share.
struct Stage<'a> {
    scenario: &'a Scenario,
    double: &'a Double,
    /// Stands in every path of its requests, and in no other.
    token: String,
    namespaces: Vec<String>,
    before: Vec<Value>,
}

impl<'a> Stage<'a> {
    fn new(scenario: &'a Scenario, double: &'a Double) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let token = format!("t{}z", NEXT.fetch_add(1, Ordering::SeqCst));
        let count = if scenario.reach == Reach::One { 1 } else { 3 };
        let namespaces: Vec<_> = (0..count).map(|number| format!("{token}-{number}")).collect();
        for namespace in &namespaces {
            double.add_namespace(namespace, &[("stage", &token)]);
            if let Some((manager, operation, data)) = &scenario.there {
                double.create_secret(manager, namespace, secret("x", data));
                double.edit(Resource::Secrets, namespace, "x", |object| {
                    let entry = &mut object["metadata"]["managedFields"][0];
                    entry["operation"] = (*operation).into();
                    if *operation == "Apply" {
                        entry["fieldsV1"].as_object_mut().unwrap().shift_remove("f:type");
                    }
                    // Long enough ago to be nobody's of today.
                    object["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z".into();
                });
            }
        }
        let mut stage = Self { scenario, double, token, namespaces, before: Vec::new() };
        stage.before = stage.contents();
        stage
    }

    fn words(&self) -> String {
        let place = match self.scenario.reach {
            Reach::One => format!("-n {}", self.namespaces[0]),
            Reach::Namespaces => format!("--namespaces={}", self.namespaces.join(",")),
            Reach::Selector => format!("--namespace-selector=stage={}", self.token),
        };
        format!("generic x --from-literal=a=new {place} {}", self.scenario.words)
    }

    /// What people have in the Secret of each namespace.
    fn contents(&self) -> Vec<Value> {
        let content = |namespace: &String| match self.double.secret(namespace, "x") {
            None => Value::Null,
            Some(object) => json!([object["data"], object["type"]]),
        };
        self.namespaces.iter().map(content).collect()
    }

    /// How often something was written by a run.
    fn writes(&self) -> Vec<(&'static str, String)> {
        let set_up = if self.scenario.there.is_some() { 2 } else { 0 };
        let mut writes = Vec::new();
        for namespace in &self.namespaces {
            let all = self.double.writes();
            let ours = all.into_iter().filter(|write| {
                write.place.resource == Resource::Secrets && write.place.namespace == *namespace
            });
            writes.extend(ours.skip(set_up).map(|write| (write.verb, namespace.clone())));
        }
        writes
    }

    fn requests(&self) -> Vec<Seen> {
        let seen = self.double.seen();
        seen.into_iter().filter(|seen| seen.target.contains(&self.token)).collect()
    }

    fn hide_token(&self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).replace(&self.token, "T")
    }
}

/// How a scenario ends where nothing goes wrong.
struct Ending {
    status: Option<i32>,
    stdout: String,
    contents: Vec<Value>,
    /// In short, and whether something is written by them.
    requests: Vec<(String, bool)>,
    writes: usize,
}

fn undisturbed(scenario: &Scenario, double: &Double) -> Ending {
    let stage = Stage::new(scenario, double);
    let answer = tool(double, &stage.words()).run();
    let requests = stage.requests();
    let requests = requests.iter().map(|seen| {
        let request = request(seen).replace(&stage.token, "T");
        let writes = seen.method != "GET" && !request.contains(" dry");
        (request, writes)
    });
    Ending {
        status: answer.status,
        stdout: stage.hide_token(&answer.stdout),
        contents: stage.contents(),
        requests: requests.collect(),
        writes: stage.writes().len(),
    }
}

/// What the tool says of one namespace.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Claim {
    /// It is as wanted.
    Done,
    /// It is as it was before.
    NotDone,
    /// Nobody knows: it is the one or the other.
    Open,
    /// It may be neither, but gone.
    PerhapsGone,
    /// It is gone.
    Gone,
}

fn claim(answer: &Answer, stage: &Stage<'_>, namespace: &str) -> Option<Claim> {
    let stdout = String::from_utf8_lossy(&answer.stdout);
    let stderr = String::from_utf8_lossy(&answer.stderr);
    let many = stage.namespaces.len() > 1;
    let is_about = |line: &str| !many || line.contains(namespace);
    if stdout.lines().any(is_about) {
        return Some(Claim::Done);
    }
    let mut errors = stderr.lines().filter_map(|line| line.strip_prefix("error: "));
    let error = errors.find(|line| is_about(line) || line.starts_with("namespaces could not"))?;
    Some(if error.contains("may be gone") || error.contains("may have been deleted") {
        Claim::PerhapsGone
    } else if error.contains("may have been") {
        Claim::Open
    } else if error.contains(" is gone") {
        Claim::Gone
    } else {
        Claim::NotDone
    })
}

/// Why an answer is no true account of what is on the server.
fn lie(answer: &Answer, stage: &Stage<'_>, ending: &Ending) -> Option<String> {
    let after = stage.contents();
    let mut all_done = true;
    for (number, namespace) in stage.namespaces.iter().enumerate() {
        let Some(claim) = claim(answer, stage, namespace) else {
            return Some(format!("nothing is said of {namespace}"));
        };
        all_done &= claim == Claim::Done;
        let (before, after) = (&stage.before[number], &after[number]);
        let wanted = &ending.contents[number];
        // A key that is another's goes in a step of its own, which is said.
        let mut less = before.clone();
        if stage.scenario.name == "remove another's key" {
            less[0].as_object_mut().unwrap().remove("b");
        }
        let is_less_said = String::from_utf8_lossy(&answer.stderr).contains("key b is removed");
        let is_true = match claim {
            Claim::Done => after == wanted,
            Claim::NotDone if is_less_said => *after == less,
            Claim::NotDone => after == before,
            Claim::Open => after == before || after == wanted || *after == less,
            Claim::PerhapsGone => after.is_null() || after == before || after == wanted,
            Claim::Gone => after.is_null(),
        };
        if !is_true {
            return Some(format!("{namespace}: {claim:?}, but it was {before} and is {after}"));
        }
    }
    let status = if all_done { ending.status } else { Some(1) };
    (answer.status != status).then(|| format!("status {:?}", answer.status))
}

/// A fault at a step.
struct Row<'a> {
    scenario: &'a Scenario,
    ending: &'a Ending,
    step: usize,
    fault: Fault,
    processed: bool,
}

impl Row<'_> {
    fn complaint(&self, why: &str, answer: &Answer, stage: &Stage<'_>) -> String {
        let Row { scenario, ending, step, fault, processed } = self;
        let (name, at) = (scenario.name, &ending.requests[*step].0);
        let mut text = format!(
            "{name}, request {step} ({at}), {fault:?}, processed: {processed}: {why}\nstatus \
             {:?}\n{}{}",
            answer.status,
            String::from_utf8_lossy(&answer.stdout),
            String::from_utf8_lossy(&answer.stderr),
        );
        for seen in stage.requests() {
            let processed = if seen.processed { " processed" } else { "" };
            let _ = writeln!(
                text,
                "  {} {:?} {:?}{processed}",
                request(&seen),
                seen.status,
                seen.fault
            );
        }
        text
    }
}

/// Every fault at every request of every scenario; where a request writes, with it done and not.
fn rows<'a>(scenarios: &'a [Scenario], endings: &'a [Ending], faults: &[Fault]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (scenario, ending) in scenarios.iter().zip(endings) {
        for (step, (_, writes)) in ending.requests.iter().enumerate() {
            for fault in faults {
                // Too many requests are never done, nor is what something before the API server
                // answers; what is only late is done in any case.
                let once = matches!(
                    fault,
                    Fault::Status { code: 429, .. }
                        | Fault::Foreign { status: 300..500, .. }
                        | Fault::Slow(_)
                        | Fault::Drip(_)
                );
                // What only drips is done, or its answer would be a lie.
                let processed = matches!(fault, Fault::Drip(_));
                rows.push(Row { scenario, ending, step, fault: fault.clone(), processed });
                if *writes && !once {
                    rows.push(Row {
                        scenario,
                        ending,
                        step,
                        fault: fault.clone(),
                        processed: true,
                    });
                }
            }
        }
    }
    rows
}

fn doubles() -> [Double; 2] {
    // HTTP/2 has its own way to be garbled.
    [false, true].map(|http1_only| Double::with(&Options { http1_only, ..Options::default() }))
}

/// A Status of 500, by which the request was carried out and failed.
macro_rules! status_500 {
    ($reason:literal, $message:literal) => {
        Fault::Foreign {
            status: 500,
            content_type: "application/json",
            body: concat!(
                r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":""#,
                $message,
                r#"","reason":""#,
                $reason,
                r#"","code":500}"#
            ),
        }
    };
}

/// Every kind of answer that an API server gives to a request that failed: those that mean that
/// nothing was stored, and those that leave it open for a while.
fn statuses_of_500() -> [Fault; 5] {
    [
        Fault::Status { code: 500, retry_after: None },
        status_500!("InternalError", "failed calling webhook \\\"w\\\": no endpoints available"),
        status_500!("InternalError", "etcdserver: request timed out"),
        status_500!("InternalError", "etcdserver: leader changed"),
        status_500!("ServerTimeout", "The create operation against secrets could not be completed"),
    ]
}

/// Answers of what is before an API server: nothing got through.
const REJECTIONS: [Fault; 4] = [
    Fault::Foreign { status: 302, content_type: "text/html", body: "<html>log in" },
    Fault::Foreign { status: 401, content_type: "text/plain", body: "Unauthorized" },
    Fault::Foreign { status: 403, content_type: "text/html", body: "<html>a firewall" },
    Fault::Foreign { status: 409, content_type: "application/json", body: "{\"kind\": \"Sta" },
];

/// Why the run that met one answer of a server did not end as it has to: a request that writes is
/// not sent again, and what is known is told.
fn answer_mistaken(row: &Row<'_>, answer: &Answer, stage: &Stage<'_>) -> Option<String> {
    let requests = stage.requests();
    let met = requests.iter().position(|seen| seen.fault.is_some())?;
    let is_rejection = REJECTIONS.contains(&row.fault);
    if row.processed || (requests[met].method == "GET" && !is_rejection) {
        return None;
    }
    let it = &requests[met];
    let is_again =
        |seen: &Seen| seen.method == it.method && seen.target == it.target && seen.body == it.body;
    if it.method != "GET" && requests[met + 1..].iter().any(is_again) {
        return Some("it was sent again".to_owned());
    }
    let stderr = String::from_utf8_lossy(&answer.stderr);
    let is_open = stderr.contains("may have been") || stderr.contains("may be gone");
    let is_settled = is_rejection || statuses_of_500()[..2].contains(&row.fault);
    (is_settled && is_open).then(|| "what is known is not told".to_owned())
}

#[test]
fn an_answer_of_the_server_is_an_answer() {
    let mut faults = statuses_of_500().to_vec();
    faults.extend(REJECTIONS);
    let doubles = doubles();
    let scenarios = scenarios();
    let endings = at_once(4, &scenarios, |scenario| undisturbed(scenario, &doubles[0]));
    let rows = rows(&scenarios, &endings, &faults);
    let wrong = at_once(AT_ONCE, &rows, |row| {
        let stage = Stage::new(row.scenario, &doubles[0]);
        let rule = Rule::new(row.fault.clone()).at(&stage.token).skip(row.step);
        doubles[0].fault(if row.processed { rule.processed() } else { rule });
        let answer = tool(&doubles[0], &stage.words()).run();
        let why = lie(&answer, &stage, row.ending);
        let why = why.or_else(|| answer_mistaken(row, &answer, &stage));
        why.map(|why| row.complaint(&why, &answer, &stage))
    });
    none(&wrong.into_iter().flatten().collect::<Vec<_>>());
    assert!(rows.len() > 500);
}

#[test]
fn one_fault_at_any_step_changes_nothing() {
    let faults = [
        Fault::Reset,
        Fault::Close,
        Fault::Truncated,
        Fault::Garbage,
        Fault::Slow(Duration::from_millis(50)),
        Fault::Drip(Duration::from_millis(50)),
        Fault::Foreign { status: 200, content_type: "text/html", body: "<html>a portal" },
        Fault::Foreign { status: 200, content_type: "application/json", body: "{}" },
        Fault::Foreign { status: 502, content_type: "text/html", body: "<html>" },
        Fault::Status { code: 429, retry_after: Some(0) },
        Fault::Foreign { status: 408, content_type: "text/html", body: "<html>" },
        Fault::Foreign { status: 500, content_type: "text/html", body: "<html>" },
        Fault::Status { code: 502, retry_after: None },
        Fault::Status { code: 503, retry_after: Some(0) },
        Fault::Status { code: 504, retry_after: None },
    ];
    let doubles = doubles();
    let scenarios = scenarios();
    let endings = at_once(4, &scenarios, |scenario| undisturbed(scenario, &doubles[0]));
    let rows = rows(&scenarios, &endings, &faults);
    let wrong = at_once(AT_ONCE, &rows, |row| {
        let double = &doubles[usize::from(row.fault == Fault::Garbage)];
        let stage = Stage::new(row.scenario, double);
        let rule = Rule::new(row.fault.clone()).at(&stage.token).skip(row.step);
        double.fault(if row.processed { rule.processed() } else { rule });
        let answer = tool(double, &stage.words()).run();
        let mut why = lie(&answer, &stage, row.ending);
        if why.is_none() && stage.requests().iter().all(|seen| seen.fault.is_none()) {
            why = Some("the fault was not met".to_owned());
        }
        if why.is_none() && stage.writes().len() > row.ending.writes {
            why = Some(format!("something was done twice: {:?}", stage.writes()));
        }
        let stdout = stage.hide_token(&answer.stdout);
        // Where another's is there, a create whose answer is lost stays open.
        let is_open = row.scenario.name == "create, there already";
        let is_same = answer.status == row.ending.status && stdout == row.ending.stdout;
        if why.is_none() && !is_open && !is_same {
            why = Some("one fault is enough to change what comes out".to_owned());
        }
        why.map(|why| row.complaint(&why, &answer, &stage))
    });
    none(&wrong.into_iter().flatten().collect::<Vec<_>>());
    assert!(rows.len() > 500);
}

#[test]
fn a_fault_that_lasts_is_reported_truly() {
    let faults = [
        Fault::Reset,
        Fault::Garbage,
        Fault::Foreign { status: 200, content_type: "text/html", body: "<html>a portal" },
        Fault::Status { code: 429, retry_after: None },
        Fault::Status { code: 429, retry_after: Some(0) },
        Fault::Status { code: 429, retry_after: Some(3600) },
        Fault::Status { code: 500, retry_after: None },
        Fault::Foreign { status: 401, content_type: "text/plain", body: "Unauthorized" },
        status_500!("InternalError", "etcdserver: request timed out"),
        Fault::Status { code: 503, retry_after: Some(3600) },
    ];
    let doubles = doubles();
    let scenarios = scenarios();
    let endings = at_once(4, &scenarios, |scenario| undisturbed(scenario, &doubles[0]));
    let rows = rows(&scenarios, &endings, &faults);
    let wrong = at_once(AT_ONCE, &rows, |row| {
        let double = &doubles[usize::from(row.fault == Fault::Garbage)];
        let stage = Stage::new(row.scenario, double);
        let rule = Rule::new(row.fault.clone()).at(&stage.token).skip(row.step).times(1000);
        double.fault(if row.processed { rule.processed() } else { rule });
        let answer = tool(double, &stage.words()).run();
        lie(&answer, &stage, row.ending).map(|why| row.complaint(&why, &answer, &stage))
    });
    none(&wrong.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn an_answer_that_comes_too_late_is_reported_truly() {
    let late = Duration::from_millis(1500);
    let doubles = doubles();
    let scenarios = scenarios();
    let endings = at_once(4, &scenarios, |scenario| undisturbed(scenario, &doubles[0]));
    let mut rows = rows(&scenarios, &endings, &[Fault::Slow(late)]);
    rows.extend(
        self::rows(&scenarios, &endings, &[Fault::Slow(late)])
            .into_iter()
            .map(|row| Row { processed: true, ..row }),
    );
    let wrong = at_once(AT_ONCE, &rows, |row| {
        let stage = Stage::new(row.scenario, &doubles[0]);
        // Once, and then for good.
        let times = if row.step % 2 == 0 { 1 } else { 1000 };
        let rule = Rule::new(row.fault.clone()).at(&stage.token).skip(row.step).times(times);
        doubles[0].fault(if row.processed { rule.processed() } else { rule });
        let answer = tool(&doubles[0], &format!("{} --request-timeout=800ms", stage.words())).run();
        let said = lie(&answer, &stage, row.ending);
        // What is still under way arrives, and what was said must stand.
        std::thread::sleep(late);
        said.or(lie(&answer, &stage, row.ending)).map(|why| row.complaint(&why, &answer, &stage))
    });
    none(&wrong.into_iter().flatten().collect::<Vec<_>>());
}

/// The server goes at a step and does not come back.
#[test]
fn a_server_that_vanishes_is_reported_truly() {
    let scenarios = scenarios();
    let double = Double::start();
    let endings = at_once(4, &scenarios, |scenario| undisturbed(scenario, &double));
    let rows = rows(&scenarios, &endings, &[Fault::Vanish]);
    let wrong = at_once(AT_ONCE, &rows, |row| {
        let double = Double::start();
        let stage = Stage::new(row.scenario, &double);
        let rule = Rule::new(Fault::Vanish).at(&stage.token).skip(row.step);
        double.fault(if row.processed { rule.processed() } else { rule });
        let answer = tool(&double, &stage.words()).run();
        lie(&answer, &stage, row.ending).map(|why| row.complaint(&why, &answer, &stage))
    });
    none(&wrong.into_iter().flatten().collect::<Vec<_>>());
}
