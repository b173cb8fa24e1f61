//! Rules on a finished Secret: what is found is returned, nothing is printed, and nothing in a
//! finding is a value.
//!
//! [`any_type`] has what a Kubernetes API server rejects in a Secret of any type; the rules of each
//! type are in [`crate::kinds`]. A [`Finding`] is a broken [`Rule`] with the [`Place`] of the breach.

mod any_type;
mod finding;
mod names;
mod rule_info;

pub(crate) use any_type::{DATA_MAX, Missing, RULES, any_type, namespace};
pub(crate) use finding::{At, Finding, Place, Report, Rule};
pub(crate) use names::{Form, TextFault, subdomain};
pub(crate) use rule_info::{RuleInfo, Severity};

use crate::secret::{Secret, Value};

/// The value under a key.
pub(crate) fn value<'a>(secret: &'a Secret, key: &str) -> Option<&'a Value> {
    secret.data.iter().find(|(k, _)| k.as_str() == key).map(|(_, v)| v)
}
