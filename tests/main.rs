//! All integration tests, one binary: a module for each subject.
#![allow(
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::items_after_statements,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "the borders, the care for panics and for allocations are the tool's, not its tests'"
)]

/// Bytes, files and streams that nobody wants: nothing panics, nothing hangs, stdout stays whole.
mod bad_input;
/// What `basic-auth --htpasswd` writes.
mod basic_auth;
/// The data files in `cases/`, a story each.
mod cases;
/// `mksecret check` on files that are no good manifests.
mod checking;
/// A double of the API server, and what the tool does with it.
#[cfg(feature = "cluster")]
mod cluster;
/// Completion in real shells.
mod completion;
/// Rules of well-known readers of Secrets, and the Secrets of charts.
mod consumers;
/// Programs that play credential helpers.
mod credential_helpers;
/// Completions and manual pages are those of the definition.
mod docs;
/// Runs the tool in a folder of its own and compares all that comes out.
mod harness;
/// The commands that hints suggest.
mod hints;
/// Odd kuberc files.
mod kuberc;
/// No value in any message.
mod leaks;
/// Certificates and keys as people have them.
mod material;
/// Passwords that the command line lacks, on a pseudo terminal.
mod missing;
/// The guided way, on a pseudo terminal.
mod new;
/// `--output-file`: what it replaces, and what it leaves when something fails.
mod output_file;
/// Answers that are typed unseen, in a pseudo terminal.
mod prompts;
/// The console blocks and the links of README.md and GUIDE.md.
mod readme;
/// The cases recorded from kubectl, in `conformance/cases/`.
mod recorded;
/// What is printed reads back as the same Secret.
mod round_trip;
/// Rules on finished Secrets, each with a manifest that breaks it and one that does not.
mod rules;
/// `mksecret seal` prints what kubeseal prints.
mod sealing;
/// The stand-in for kubectl in PATH.
mod shim;
/// The `sh` and `yaml` blocks of README.md and GUIDE.md.
#[cfg(feature = "cluster")]
mod snippets;
/// Manifests that a real API server judged.
mod verdicts;
/// The language of what users read.
mod words;

/// A module that is not listed above would never run.
#[test]
fn every_file_is_a_module() {
    let folder = harness::source("tests");
    let listed = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|end| end == "rs") && name != "main" {
            assert!(listed.contains(&format!("\nmod {name};\n")), "{name}.rs is not listed");
            found += 1;
        }
    }
    assert!(found > 0);
}
