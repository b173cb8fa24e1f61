//! The one pipeline for every secret type: build, complete, validate, then print.

use zeroize::Zeroizing;

use crate::cli::{Common, Create, DryRun, Format, TemplateSource, Validate};
use crate::error::Error;
use crate::print;
use crate::print::template::Template;
use crate::secret::manifest::{ValuesIn, manifest};
use crate::secret::{Secret, SecretName, hash};
use crate::sources::{Inputs, Limit};
use crate::types::{Build, Built, Printed};
use crate::ui::Ui;
use crate::validate;

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Builds the Secret that the command line asks for, and prints it.
pub fn run(create: &Create, ui: &Ui) -> Result<(), Error> {
    let common = &create.common;
    let inputs = Inputs::system(match common.validate {
        Validate::Strict => Limit::API_SERVER,
        Validate::Ignore | Validate::Warn => Limit::LOOSE,
    });
    let template = template(&common.format, &inputs)?;
    let build = Build {
        flags: &create.flags,
        name: create.name.clone(),
        namespace: common.namespace.clone(),
        inputs: &inputs,
    };
    let Built { secret, origins, refusals, warnings, printed } =
        (create.secret_type.build)(&build)?;
    let secret = complete(secret.build(), common);
    let mut said = Vec::new();
    said.extend(common.without_effect.iter().map(|flag| Error::without_effect(flag)));
    said.extend(warnings.into_iter().map(Error::from));
    let found = validate::api_server(&secret);
    let refused = refusals.into_iter().map(Error::from);
    // A better name is made of the one that was asked for: the suffix comes by itself.
    let name = create.name.as_deref().unwrap_or_default().to_string_lossy();
    let refused =
        refused.chain(found.into_iter().map(|finding| Error::refused(finding, &name, &origins)));
    match common.validate {
        Validate::Ignore => {}
        Validate::Strict => Error::all(refused)?,
        Validate::Warn => said.extend(refused),
    }
    if let Some(deprecated) = &common.deprecated {
        ui.warning(deprecated);
    }
    for warning in &said {
        warning.show_as_warning(ui);
    }
    if common.warnings_as_errors && common.validate != Validate::Ignore && !said.is_empty() {
        return Err(Error::warnings(said.len()));
    }
    if common.dry_run != DryRun::Client {
        return Err(Error::no_cluster(create.secret_type));
    }
    let output = render(&secret, common, printed.as_ref(), template.as_ref())?;
    ui.result(&output)?;
    if let Some(printed) = printed {
        ui.status(&printed.status);
    }
    Ok(())
}

/// Adds what all types have in common; the name's suffix last, since it hashes the rest.
fn complete(mut secret: Secret, common: &Common) -> Secret {
    secret.metadata.labels.clone_from(&common.metadata.labels);
    secret.metadata.annotations.clone_from(&common.metadata.annotations);
    secret.immutable = common.immutable;
    if common.append_hash {
        secret.name = SecretName(secret.name.0.with_suffix(&hash::suffix(&secret)));
    }
    if common.save_config {
        let mut json = Vec::with_capacity(room(&secret));
        print::json::compact(&manifest(&secret, ValuesIn::Data), &mut json);
        json.push(b'\n');
        let json = Zeroizing::new(String::from_utf8(json).unwrap_or_default());
        secret.metadata.annotations.insert(LAST_APPLIED.to_owned(), json);
    }
    secret
}

/// The bytes that a manifest is about to take: a buffer that grows leaves its old bytes behind.
fn room(secret: &Secret) -> usize {
    let encoded = |len: usize| len.div_ceil(3) * 4 + 64;
    let data: usize = secret.data.iter().map(|(k, v)| k.as_str().len() + encoded(v.len())).sum();
    let annotations: usize = secret.metadata.annotations.values().map(|text| text.len()).sum();
    data + annotations * 2 + 1024
}

/// The template that was asked for. kubectl reads it before anything else, and so do we.
fn template(format: &Format, inputs: &Inputs) -> Result<Option<Template>, Error> {
    let Format::Template(format) = format else { return Ok(None) };
    let file;
    let text = match &format.source {
        TemplateSource::File(path) => {
            file = inputs.read(path).map_err(Error::template_file)?;
            file.as_bytes()
        }
        TemplateSource::Inline(text) => text,
    };
    let text =
        std::str::from_utf8(text).map_err(|e| Error::template_not_text(e.valid_up_to() + 1))?;
    Ok(Some(Template::parse(format.language, text, format.allow_missing_keys)?))
}

/// All of stdout.
fn render(
    secret: &Secret,
    common: &Common,
    printed: Option<&Printed>,
    template: Option<&Template>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut out = Zeroizing::new(Vec::with_capacity(room(secret)));
    let line = |end: &[u8], out: &mut Vec<u8>| {
        for part in [b"secret/", secret.name.0.as_bytes(), end, b"\n"] {
            out.extend_from_slice(part);
        }
    };
    let values_in = if common.string_data { ValuesIn::StringData } else { ValuesIn::Data };
    let manifest = || manifest(secret, values_in);
    match (&common.format, printed) {
        (Format::Json, _) => print::json::write(&manifest(), &mut out),
        (Format::Kyaml | Format::Yaml, _) => {
            let manifest = manifest();
            if print::has_control_characters(&manifest) {
                return Err(Error::control_characters());
            }
            match common.format {
                Format::Kyaml => print::kyaml::write(&manifest, &mut out),
                _ => print::yaml::write(&manifest, &mut out),
            }
        }
        (Format::Name, _) => line(b"", &mut out),
        (Format::Result, None) => line(b" created (dry run)", &mut out),
        (Format::Result, Some(printed)) => {
            out.extend_from_slice(printed.line.as_bytes());
            out.push(b'\n');
        }
        (Format::Template(_), _) => {
            if let Some(template) = template {
                template.execute(&manifest(), &mut out)?;
            }
        }
    }
    Ok(out)
}
