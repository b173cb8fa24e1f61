//! The certificate to seal with, from a cluster or from an address.

use zeroize::Zeroizing;

use crate::cluster;
use crate::error::Error;
use crate::reach::Reach;
use crate::sources::Inputs;

/// The certificate that the controller behind this service offers.
pub(in crate::commands) fn fetch_certificate(
    reach: &Reach,
    (namespace, name): (&str, &str),
    inputs: &Inputs,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    cluster::fetch_certificate(reach, namespace, name, inputs).map_err(|error| Error::from(*error))
}

/// The certificate at this address.
pub(in crate::commands) fn download_certificate(
    url: &str,
    reach: &Reach,
    inputs: &Inputs,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    cluster::download_certificate(url, reach, inputs).map_err(|error| Error::from(*error))
}
