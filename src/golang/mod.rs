//! Go's own text forms, as kubectl's flags take them: what Go's standard library, pflag and klog
//! accept, refuse and say. Pure; knows no other module.

pub mod base64;
pub mod bools;
pub mod chars;
pub mod csv;
pub mod durations;
pub mod floats;
pub mod ints;
pub mod json;
pub mod log_flush;
pub mod quote;
pub mod rfc3339;
pub mod urls;
pub mod utf8;
pub mod vmodule;
