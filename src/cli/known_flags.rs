//! Which flags each command accepts, and those that belong to no type.

use crate::flags::{self, Flag, FlagKind, Section, Single, Switch, common, global, seal, targets};
use crate::types::SecretType;
use crate::ui::Colour;

pub(crate) const COLOR: Flag<Single> =
    flags::text("color", "WHEN", "Color messages: auto, always, never [default: auto]")
        .kind(FlagKind::Choice("auto\nalways\nnever"))
        .checked_by(|text| text.parse::<Colour>().map(drop).map_err(|e| e.to_string()))
        .section(Section::Help)
        .rare();
pub(crate) const HELP: Flag<Switch> =
    flags::switch("help", "Print help: -h briefly, --help in full")
        .short('h')
        .section(Section::Help);
pub(crate) const VERSION: Flag<Switch> =
    flags::switch("version", "Print the version").section(Section::Help);

/// The flags of a type: its own and all that every type has.
pub(crate) fn flags_of(row: &SecretType) -> Vec<Flag> {
    let mut all = (row.flags)();
    all.extend(common::flags());
    all.extend(seal::flags());
    all.extend(global::flags().into_iter().filter(|flag| !row.takes_over.contains(&flag.name)));
    all.extend(targets::flags());
    all.extend([COLOR.any(), HELP.any()]);
    all
}

/// The flags that are valid without a subcommand.
pub(super) fn top_flags() -> Vec<Flag> {
    let mut all = global::flags().to_vec();
    all.extend([COLOR.any(), VERSION.any(), HELP.any()]);
    all
}
