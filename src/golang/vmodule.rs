//! The value of klog's `--vmodule`.

use super::ints::decimal;

/// A value that `--vmodule` does not take, in klog's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VmoduleError {
    #[error("negative value for vmodule level")]
    Negative,
    #[error("syntax error: expect comma-separated list of filename=N")]
    Syntax,
}

/// Checks a list `pattern=N,…` as klog's `moduleSpec.Set` does: empty parts are skipped, a pattern
/// is any text, a level a decimal number of 32 bits.
pub(crate) fn check_vmodule(text: &str) -> Result<(), VmoduleError> {
    text.split(',').filter(|part| !part.is_empty()).try_for_each(check_part)
}

fn check_part(part: &str) -> Result<(), VmoduleError> {
    let (pattern, level) = part.split_once('=').ok_or(VmoduleError::Syntax)?;
    // A second `=` lands in the level, which is no number then.
    let level = decimal(level).ok().and_then(|level| i32::try_from(level).ok());
    match level {
        Some(level) if !pattern.is_empty() && level < 0 => Err(VmoduleError::Negative),
        Some(_) if !pattern.is_empty() => Ok(()),
        _ => Err(VmoduleError::Syntax),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_klog_takes() {
        for text in ["", ",", "a=1", "a=0", "a=+1", ",a=1", "a=1,,b=2,", "[=1", " a =1", "a/*=9"] {
            assert_eq!(check_vmodule(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn refuses_what_klog_refuses() {
        for text in [
            "a",
            "a=",
            "=1",
            "=-1",
            "a=b",
            "a=1=2",
            "a=1,b",
            "a= 1",
            "a=0x1",
            "a=1_0",
            "a=2147483648",
        ] {
            assert_eq!(check_vmodule(text), Err(VmoduleError::Syntax), "{text}");
        }
        for text in ["a=-1", "a=1,b=-2147483648", "a=-1,b"] {
            assert_eq!(check_vmodule(text), Err(VmoduleError::Negative), "{text}");
        }
    }
}
