//! `mksecret new`: leads the way to a Secret, question by question.
//!
//! What is asked follows from the rows of `TYPES`. The answers are kept as the words of the command
//! that does the same, and that command is what is run: what is shown at the end cannot differ from
//! what was done. Values that nobody may see are asked for by that command's own flags.

mod answers;
mod check;
mod preview;
mod questions;

use zeroize::Zeroizing;

use super::create::{self, Missing, Ready};
use super::output::Output;
use crate::cli::{Create, New, Request};
use crate::error::Error;
use crate::flags::Flag;
use crate::kuberc::Kuberc;
use crate::sources::{Dialogue, Inputs, Limit, PromptError};
use crate::types::{SecretType, TYPES};
use crate::ui::Ui;
use answers::Answers;
use questions::Question;

/// What is done with a Secret at the end, and the words that say so.
const DEEDS: &[(&str, &[&str])] = &[
    ("Print it as YAML", &["--dry-run=client", "-o", "yaml"]),
    #[cfg(feature = "cluster")]
    ("Create it on the cluster", &[]),
    #[cfg(feature = "cluster")]
    ("Apply it: create or update", &["--apply"]),
];

/// Asks, shows, and does what is chosen.
pub fn run(asked: &New, kuberc: &Kuberc, ui: &Ui) -> Result<(), Error> {
    for warning in kuberc.known().iter().flat_map(|known| &known.warnings) {
        ui.status(warning);
    }
    let dialogue = Dialogue::open(ui.is_coloured()).map_err(Error::prompt)?;
    let guide = Guide { dialogue, kuberc, ui };
    let end = guide.lead(asked).map_err(Error::prompt)?;
    let Some((answers, ready, deed, inputs)) = end else { return Ok(()) };
    let done = finish(parse(&answers, deed, kuberc)?.as_ref(), ready, &inputs, ui);
    ui.status(&format!("The same by one command:\n{}", answers.command(deed)));
    done
}

/// Carries out the command that the answers came to, with what is built already.
fn finish(create: &Create, ready: Ready, inputs: &Inputs, ui: &Ui) -> Result<(), Error> {
    let output = Output::new(&create.common, inputs)?;
    create::deliver(create, ready, &output, inputs, ui)
}

/// What the answers ask for, read as a command line is.
fn parse(answers: &Answers, deed: &[&str], kuberc: &Kuberc) -> Result<Box<Create>, Error> {
    match crate::cli::parse(answers.words(deed), kuberc)? {
        Request::Create(create) => Ok(create),
        // A type and its flags are nothing else, unless --help stands among them.
        _ => Err(Error::no_guide()),
    }
}

/// All that is known at the end: the answers, the Secret, what is done with it.
type End = (Answers, Ready, &'static [&'static str], Inputs);

struct Guide<'a> {
    dialogue: Dialogue,
    kuberc: &'a Kuberc,
    ui: &'a Ui,
}

impl Guide<'_> {
    /// From the first question to the last; `None` where nothing is to be done.
    fn lead(&self, asked: &New) -> Result<Option<End>, PromptError> {
        let row = match asked.secret_type {
            Some(row) => row,
            None => self.secret_type()?,
        };
        let given = asked.flags.clone();
        let mut answers = Answers::new(row, given);
        answers.name = self.name(row, asked)?;
        let questions = questions::of(row);
        for question in questions.iter().filter(|question| question.is_asked) {
            self.put(question, &mut answers)?;
        }
        // A type without questions of its own has nothing yet.
        if row.asks.is_empty() {
            self.menu(&questions, &mut answers, false)?;
        }
        loop {
            let mut is_wrong = false;
            let inputs = Inputs::system(Limit::API_SERVER);
            match self.look(&answers, &inputs) {
                Ok(ready) => match self.what_now(&answers, &ready)? {
                    Next::Change => {}
                    Next::Do(deed) => return Ok(Some((answers, ready, deed, inputs))),
                    Next::Leave => return Ok(None),
                },
                Err(error) => {
                    error.show(self.ui);
                    is_wrong = true;
                }
            }
            self.menu(&questions, &mut answers, is_wrong)?;
        }
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
        self.dialogue.ask("Name of the Secret", None, &check::name).map(Some)
    }

    /// Asks one question and keeps its answer.
    fn put(&self, question: &Question, answers: &mut Answers) -> Result<(), PromptError> {
        let flag = match question.ways.as_slice() {
            [] => return Ok(()),
            [only] => only,
            ways => {
                let mut items: Vec<_> = ways.iter().map(questions::way).collect();
                if !question.is_needed {
                    items.push("Leave it out".to_owned());
                }
                let prompt = format!("How to give the {}", question.credential());
                let chosen = self.dialogue.choose(&prompt, &items, 0)?;
                answers.forget(question.ways.iter().map(|way| way.name));
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
        let leave = if question.is_needed { "" } else { "; Enter leaves it out" };
        self.dialogue.say(&format!("{help}{leave}"))?;
        let inputs = Inputs::system(Limit::API_SERVER);
        let check = |text: &str| {
            if text.is_empty() {
                return if question.is_needed { Err("it is needed".to_owned()) } else { Ok(()) };
            }
            check::value(flag, text, &inputs)?;
            let mut with = answers.clone();
            with.set(flag, Some(text.to_owned()));
            parse(&with, &[], self.kuberc)
                .map(drop)
                .map_err(|error| self.ui.safe(&error.to_string()))
        };
        let text = self.dialogue.ask(&format!("--{name} {word}"), None, &check)?;
        let text = Zeroizing::new(text);
        if !text.is_empty() {
            answers.set(flag, Some(text.to_string()));
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
        loop {
            let mut items = vec!["That is all: show what it comes to".to_owned()];
            let last = answers.last().map(|last| format!("Take back {last}"));
            items.extend(last.iter().map(|last| self.ui.safe(last)));
            let before = items.len();
            items.extend(questions.iter().map(Question::item));
            let first = match (answers.is_empty(), std::mem::take(&mut is_wrong)) {
                (true, _) => before,
                (false, true) => 1,
                (false, false) => 0,
            };
            match self.dialogue.choose("What goes into it", &items, first)? {
                0 => return Ok(()),
                chosen => match chosen.checked_sub(before).and_then(|at| questions.get(at)) {
                    Some(question) => self.put(question, answers)?,
                    None => answers.take_back(),
                },
            }
        }
    }

    /// Builds what the answers come to, and says what there is to say of it.
    fn look(&self, answers: &Answers, inputs: &Inputs) -> Result<Ready, Error> {
        let create = parse(answers, &[], self.kuberc)?;
        let ready = create::prepare(&create, inputs, Missing::Refused)?;
        ready.say(&create.common, self.ui);
        Ok(ready)
    }

    fn what_now(&self, answers: &Answers, ready: &Ready) -> Result<Next, PromptError> {
        self.dialogue.say("")?;
        for line in preview::lines(&ready.secret) {
            self.dialogue.say(&self.ui.safe(&line))?;
        }
        let mut items: Vec<_> = DEEDS.iter().map(|(item, _)| (*item).to_owned()).collect();
        items.push("Change something".to_owned());
        items.push("Leave without doing anything".to_owned());
        loop {
            let chosen = self.dialogue.choose("What now", &items, 0)?;
            let Some((_, deed)) = DEEDS.get(chosen) else {
                return Ok(if chosen == DEEDS.len() { Next::Change } else { Next::Leave });
            };
            // What is done may exclude an answer.
            match parse(answers, deed, self.kuberc) {
                Ok(create) => return Ok(Next::Do(in_spite_of_defaults(deed, &create))),
                Err(error) => error.show(self.ui),
            }
        }
    }
}

/// What is done, where the user's preferences would only have it printed.
fn in_spite_of_defaults(deed: &'static [&'static str], create: &Create) -> &'static [&'static str] {
    match (create.preferences.flags.contains(&"dry-run"), deed) {
        (true, []) => &["--dry-run=none"],
        (true, ["--apply"]) => &["--apply", "--dry-run=none"],
        _ => deed,
    }
}

enum Next {
    Change,
    Do(&'static [&'static str]),
    Leave,
}
