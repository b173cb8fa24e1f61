//! Go's own text forms, as kubectl's flags take them: what Go's standard library, pflag and klog
//! accept, refuse and say. Pure; knows no other module.

pub(crate) mod base64;
pub(crate) mod bools;
pub(crate) mod chars;
pub(crate) mod csv;
pub(crate) mod durations;
pub(crate) mod floats;
pub(crate) mod ints;
pub(crate) mod json;
pub(crate) mod log_flush;
pub(crate) mod quote;
pub(crate) mod regexps;
pub(crate) mod rfc3339;
pub(crate) mod urls;
pub(crate) mod utf8;
pub(crate) mod vmodule;
