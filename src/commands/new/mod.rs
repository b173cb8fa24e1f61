//! `mksecret new`: leads the way to a Secret, question by question.
//!
//! What is asked follows from the rows of `TYPES`. The answers are kept as the words of the command
//! that does the same, and that command is what is run: what is shown at the end cannot differ from
//! what was done. Values that nobody may see are asked for by that command's own flags.

mod answers;
mod check;
mod paths;
mod preview;
mod questions;

use std::process::ExitCode;

use zeroize::Zeroizing;

use super::create;
use super::remote;
use crate::cli::{Create, GUIDED, New, Request};
use crate::error::{Error, RunFault};
use crate::flags::{Flag, Section, common, seal};
use crate::kuberc::Kuberc;
use crate::pipeline::{Missing, Output, Ready};
use crate::secret::Namespace;
use crate::sources::{Dialogue, Inputs, Limit, PromptError};
use crate::types::{PASSPHRASE_PROMPT, SecretType, TYPES};
use crate::ui::Ui;
use answers::Answers;
use questions::Question;

/// The answer to what is encrypted: the command asks for the passphrase, too.
const PASSPHRASE: Flag = PASSPHRASE_PROMPT.any();
/// The words that print a Secret and send nothing.
const PRINT: &[&str] = &["--dry-run=client", "-o", "yaml"];
/// The words that print it sealed; a question follows for the value of the flag.
const SEAL: &[&str] = &["--seal"];
const SOPS: &[&str] = &["--sops"];

/// Asks, shows, and does what is chosen.
pub(crate) fn run(asked: &New, kuberc: &Kuberc, ui: &Ui) -> Result<ExitCode, Error> {
    for warning in kuberc.known().iter().flat_map(|known| &known.warnings) {
        ui.status(warning);
    }
    let dialogue = Dialogue::open(ui.is_coloured()).map_err(RunFault::Prompt)?;
    Guide { dialogue, kuberc, ui }.lead(asked)
}

/// Carries out the command that the answers came to, with what is built already.
fn finish(create: &Create, ready: &Ready, inputs: &Inputs, ui: &Ui) -> Result<(), Error> {
    let output = Output::new(&create.common, inputs)?;
    let sealer = create::sealer(create, inputs, ui)?;
    let mut judged = ready.judged.duplicate();
    if let Some(sealer) = &sealer {
        let findings = create::check_sealing(create, sealer, &judged.secret)?;
        judged.warnings += findings.len();
        let namespace = judged.secret.namespace.as_ref().map(Namespace::as_str);
        for finding in findings {
            Error::found(finding, judged.secret.name.as_str(), namespace).show_as_warning(ui);
        }
    }
    create::deliver(create, judged, sealer.as_ref(), &output, inputs, ui)
}

/// What the answers ask for, read as a command line is.
fn parse(answers: &Answers, deed: &[&str], kuberc: &Kuberc) -> Result<Box<Create>, Error> {
    match crate::cli::parse(answers.words(deed), kuberc)? {
        Request::Create(create) => Ok(create),
        // A type and its flags are nothing else, unless --help stands among them.
        _ => Err(RunFault::NoGuide.into()),
    }
}

/// What can be done with a Secret at the end: a line of the menu, and the words that say so.
pub(super) type Deed = (String, &'static [&'static str]);

struct Guide<'a> {
    dialogue: Dialogue,
    kuberc: &'a Kuberc,
    ui: &'a Ui,
}

impl Guide<'_> {
    /// From the first question to the end. What fails there is shown, and the answers are kept.
    fn lead(&self, asked: &New) -> Result<ExitCode, Error> {
        let (row, mut answers) = self.begin(asked).map_err(RunFault::Prompt)?;
        let questions = questions::of(row);
        let mut failed = None;
        loop {
            let inputs = Inputs::system(Limit::API_SERVER);
            let looked = self.look(&mut answers, &inputs);
            if let Ok(ready) = &looked
                && let Some(code) = self.act(&answers, ready, &inputs, &mut failed)?
            {
                return Ok(code);
            }
            let is_wrong = looked.as_ref().is_err();
            if let Err(error) = looked {
                error.show(self.ui);
            }
            self.menu(&questions, &mut answers, is_wrong).map_err(RunFault::Prompt)?;
        }
    }

    /// Asks for all that is not given.
    fn begin(&self, asked: &New) -> Result<(&'static SecretType, Answers), PromptError> {
        let row = match asked.secret_type {
            Some(row) => row,
            None => self.secret_type()?,
        };
        let own = questions::flags(row);
        let mut answers = Answers::new(row, &asked.flags, |name| {
            own.iter().find(|flag| flag.name == name).copied()
        });
        answers.name = self.name(row, asked)?;
        self.refuse_wrong(&own, &mut answers)?;
        let questions = questions::of(row);
        for question in questions.iter().filter(|question| question.is_asked) {
            if !question.is_answered(|flag| answers.has(flag)) {
                self.put(question, &mut answers)?;
            }
        }
        // A type without questions of its own has nothing yet.
        let is_empty = !own.iter().any(|flag| {
            flag.section == Section::Contents
                && !GUIDED.contains(&flag.name)
                && answers.has(flag.name)
        });
        if row.asks.is_empty() && is_empty {
            self.menu(&questions, &mut answers, false)?;
        }
        Ok((row, answers))
    }

    /// Forgets flags of the command line with a wrong value, so that their questions are asked.
    fn refuse_wrong(&self, own: &[Flag], answers: &mut Answers) -> Result<(), PromptError> {
        let inputs = Inputs::system(Limit::API_SERVER);
        let mut wrong = Vec::new();
        for (name, value) in answers.iter() {
            let flag = own.iter().find(|flag| flag.name == name);
            let value = value.and_then(|value| value.to_str());
            if let (Some(flag), Some(value)) = (flag, value)
                && let Err(why) = check::value(flag, value, &inputs)
            {
                wrong.push((flag.name, why));
            }
        }
        for (name, why) in &wrong {
            self.dialogue.say(&self.ui.safe(&format!("--{name}: {why}")))?;
        }
        answers.forget(wrong.iter().map(|(name, _)| *name));
        Ok(())
    }

    fn secret_type(&self) -> Result<&'static SecretType, PromptError> {
        let items: Vec<_> =
            TYPES.iter().map(|row| format!("{:<22} {}", row.name, row.about)).collect();
        let chosen = self.dialogue.choose("Which type", &items, 0)?;
        let row = &TYPES[chosen];
        self.dialogue.say(&format!("Type: {}", row.name))?;
        Ok(row)
    }

    /// The name; a type that makes one by itself is not asked for it.
    fn name(&self, row: &SecretType, asked: &New) -> Result<Option<String>, PromptError> {
        if row.name_optional {
            return Ok(None);
        }
        if let Some(name) = &asked.name {
            let name = name.to_string_lossy().into_owned();
            match check::name(&name) {
                Ok(()) => return Ok(Some(name)),
                Err(why) => self.dialogue.say(&self.ui.safe(&why))?,
            }
        }
        self.dialogue.ask("Name of the Secret", &|_| None, &check::name).map(Some)
    }

    /// Asks one question and keeps its answer.
    fn put(&self, question: &Question, answers: &mut Answers) -> Result<(), PromptError> {
        let flag = match question.ways.as_slice() {
            [] => return Ok(()),
            [only] => only,
            ways => {
                let mut items: Vec<_> = ways.iter().map(questions::way).collect();
                if !question.is_needed {
                    items.push("Skip".to_owned());
                }
                let prompt = format!("How to enter the {}", question.credential());
                let chosen = self.dialogue.choose(&prompt, &items, 0)?;
                answers.forget(question.answers());
                match ways.get(chosen) {
                    Some(way) => way,
                    None => return Ok(()),
                }
            }
        };
        let Flag { name, value: word, help, .. } = *flag;
        if flag.is_switch() {
            answers.set(flag, None);
            return self.dialogue.say(&format!("--{name}"));
        }
        let leave = if question.is_needed { "" } else { "; press Enter to skip" };
        self.dialogue.say(&format!("{help}{leave}"))?;
        let inputs = Inputs::system(Limit::API_SERVER);
        let check = |text: &str| {
            if text.is_empty() {
                return if question.is_needed { Err("required".to_owned()) } else { Ok(()) };
            }
            let text = paths::expanded(flag, text, &inputs);
            check::value(flag, &text, &inputs)?;
            let mut with = answers.clone();
            with.set(flag, Some(text));
            parse(&with, &[], self.kuberc)
                .map(drop)
                .map_err(|error| self.ui.safe(&error.to_string()))
        };
        let complete = |text: &str| paths::completed(flag, text, &inputs);
        let question = format!("--{name} {word}");
        let text = Zeroizing::new(self.dialogue.ask(&question, &complete, &check)?);
        if !text.is_empty() {
            answers.set(flag, Some(paths::expanded(flag, &text, &inputs)));
        }
        Ok(())
    }

    /// Lets more be added or changed, until nothing else is wanted.
    /// `is_wrong` says that they came to nothing: the last answer is the first to be looked at.
    fn menu(
        &self,
        questions: &[Question],
        answers: &mut Answers,
        mut is_wrong: bool,
    ) -> Result<(), PromptError> {
        let room = self.dialogue.room();
        loop {
            let mut items = vec!["Done: review the Secret".to_owned()];
            let last = answers.last().map(|last| format!("Remove {last}"));
            items.extend(last.iter().map(|last| self.ui.safe(last)));
            let before = items.len();
            items.extend(questions.iter().map(|question| question.item(room)));
            let first = match (answers.is_empty(), std::mem::take(&mut is_wrong)) {
                (true, _) => before,
                (false, true) => 1,
                (false, false) => 0,
            };
            match self.dialogue.choose("Add or change", &items, first)? {
                0 => return Ok(()),
                chosen => match chosen.checked_sub(before).and_then(|at| questions.get(at)) {
                    Some(question) => self.put(question, answers)?,
                    None => answers.take_back(),
                },
            }
        }
    }

    /// The answers with the flags that seal, `None` if the deed is another one.
    fn sealed(&self, answers: &Answers, deed: &[&str]) -> Result<Option<Answers>, PromptError> {
        let (question, flag, otherwise) = match deed {
            SEAL => (
                "Certificate: a file or an address; press Enter to ask the controller",
                seal::SEAL.any(),
                None,
            ),
            SOPS => (
                "Recipient of age, such as age1…; press Enter for those of .sops.yaml",
                seal::AGE.any(),
                Some(seal::SOPS.any()),
            ),
            _ => return Ok(None),
        };
        self.dialogue.say(question)?;
        let inputs = Inputs::system(Limit::API_SERVER);
        let complete = |text: &str| paths::completed(&flag, text, &inputs);
        let prompt = format!("--{} {}", flag.name, flag.value.trim_end_matches(",…"));
        let text = self.dialogue.ask(&prompt, &complete, &|_| Ok(()))?;
        let mut with = answers.clone();
        if let Some(switch) = &otherwise {
            with.set(switch, None);
        }
        match text.is_empty() {
            true if otherwise.is_some() => {}
            true => with.set(&flag, None),
            false => with.set(&flag, Some(paths::expanded(&flag, &text, &inputs))),
        }
        Ok(Some(with))
    }

    /// Builds the Secret that the answers describe, and shows the warnings about it.
    fn look(&self, answers: &mut Answers, inputs: &Inputs) -> Result<Ready, Error> {
        let mut create = parse(answers, &[], self.kuberc)?;
        let mut ready = create::prepare(&create, None, inputs, Missing::Refused);
        if ready.as_ref().is_err_and(Error::lacks_passphrase) {
            answers.set(&PASSPHRASE, None);
            create = parse(answers, &[], self.kuberc)?;
            let inputs = Inputs::system(Limit::API_SERVER);
            ready = create::prepare(&create, None, &inputs, Missing::Refused);
        }
        let ready = ready?;
        create::say(&ready, &create, self.ui);
        Ok(ready)
    }

    /// Does what is chosen with the Secret, until it succeeds; `None` if an answer is to be changed.
    /// `failed` is what was tried last and failed.
    fn act(
        &self,
        answers: &Answers,
        ready: &Ready,
        inputs: &Inputs,
        failed: &mut Option<&'static [&'static str]>,
    ) -> Result<Option<ExitCode>, Error> {
        let say = |line: &str| self.dialogue.say(&self.ui.safe(line)).map_err(RunFault::Prompt);
        let plain = answers;
        say("")?;
        for line in preview::lines(&ready.judged.secret) {
            say(&line)?;
        }
        let mut deeds = vec![("Print it as YAML (--dry-run=client -o yaml)".to_owned(), PRINT)];
        let create = parse(answers, &[], self.kuberc);
        let (line, on_cluster) = remote::offers(create, &ready.judged.secret, inputs, self.ui);
        say(&line)?;
        deeds.extend(on_cluster);
        deeds.push(("Print it sealed, for Sealed Secrets (--seal)".to_owned(), SEAL));
        deeds.push(("Print it encrypted, as by SOPS (--sops)".to_owned(), SOPS));
        let mut items: Vec<_> = deeds.iter().map(|(item, _)| self.ui.safe(item)).collect();
        items.push("Change something".to_owned());
        items.push("Quit".to_owned());
        loop {
            let chosen = self.dialogue.choose("Next step", &items, 0).map_err(RunFault::Prompt)?;
            let Some((_, deed)) = deeds.get(chosen) else {
                if chosen == deeds.len() {
                    return Ok(None);
                }
                return Ok(Some(match failed {
                    Some(deed) => {
                        self.ui.status(&same_command(plain, deed));
                        ExitCode::FAILURE
                    }
                    None => ExitCode::SUCCESS,
                }));
            };
            let sealed = self.sealed(answers, deed).map_err(RunFault::Prompt)?;
            let (answers, deed) = match &sealed {
                Some(sealed) => (sealed, &[] as &[_]),
                None => (answers, *deed),
            };
            // What is done may exclude an answer.
            let deed = match parse(answers, deed, self.kuberc) {
                Ok(create) => in_spite_of_defaults(deed, &create),
                Err(error) => {
                    error.show(self.ui);
                    continue;
                }
            };
            let done = parse(answers, deed, self.kuberc)
                .and_then(|create| finish(&create, ready, inputs, self.ui));
            match done {
                Err(error) if !error.is_of_output() => {
                    error.show(self.ui);
                    *failed = Some(deed);
                }
                done => {
                    self.ui.status(&same_command(answers, deed));
                    return done.map(|()| Some(ExitCode::SUCCESS));
                }
            }
        }
    }
}

fn same_command(answers: &Answers, deed: &[&str]) -> String {
    format!("The same as one command:\n{}", answers.command(deed))
}

/// What is done, where the user's preferences would only have it printed.
fn in_spite_of_defaults(deed: &'static [&'static str], create: &Create) -> &'static [&'static str] {
    match (create.preferences.flags.contains(&common::DRY_RUN.name), deed) {
        (true, []) => &["--dry-run=none"],
        (true, ["--apply"]) => &["--apply", "--dry-run=none"],
        _ => deed,
    }
}
