//! Base64, as a kubeconfig may hold it and as kube takes it.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Reads base64 as Go does: CR and LF are skipped and spare bits ignored. Blanks, which a folded
/// text has, and missing padding are accepted as well.
pub(in crate::cluster) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let mut packed = Zeroizing::new(Vec::with_capacity(text.len()));
    packed.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let mut bytes = Zeroizing::new(Vec::with_capacity(packed.len() / 4 * 3 + 3));
    LENIENT.decode_vec(&*packed, &mut bytes).ok()?;
    Some(bytes)
}

/// The form in which kube takes certificates and keys.
pub(in crate::cluster) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
