//! RSA private keys as Go reads them: PKCS#1 by `encoding/asn1`, then the checks of `crypto/rsa`
//! (since Go 1.24 the CRT values of the file are used and must be right).
//!
//! No size is refused, and no number is tested for being prime: Go does neither on reading. The
//! arithmetic is not constant in time: it runs once, on the user's own machine.

use crypto_bigint::{BoxedUint, ConcatenatingMul as _, NonZero};
use zeroize::Zeroizing;

use crate::material::der::{self, Explicit, Reader};
use crate::material::public_key::PublicKey;

/// Longer numbers are refused, which Go does not do: their arithmetic could take minutes.
const MAX_BYTES: usize = 16 * 1024;

/// The public half of a PKCS#1 `RSAPrivateKey`, or nothing where Go would not read it.
pub(crate) fn parse_pkcs1(der: &[u8]) -> Option<PublicKey> {
    let mut outer = Reader::new(der);
    let mut fields = outer.sequence()?;
    if !outer.is_empty() {
        return None;
    }
    let version = fields.small_integer()?;
    let modulus = fields.integer()?;
    let exponent = fields.small_integer()?;
    let private_exponent = fields.integer()?;
    let primes = [fields.integer()?, fields.integer()?];
    let mut crt = [None; 3];
    for value in &mut crt {
        *value = optional_integer(&mut fields)?.contents();
    }
    let additional = additional_primes(&mut fields)?;

    let mut all = [modulus, private_exponent]
        .into_iter()
        .chain(primes)
        .chain(crt.into_iter().flatten())
        .chain(additional.iter().copied());
    if version > 1 || !all.all(|n| der::is_positive(n) && n.len() <= MAX_BYTES) {
        return None;
    }
    let key = Numbers {
        n: number(modulus),
        e: u32::try_from(exponent).ok().filter(|e| *e > 1 && e % 2 == 1 && *e < 1 << 31)?,
        d: number(private_exponent),
        p: number(primes[0]),
        q: number(primes[1]),
    };
    let valid = match (crt, additional.as_slice()) {
        ([Some(dp), Some(dq), Some(q_inverse)], []) => {
            key.is_valid(&number(dp), &number(dq), Some(&number(q_inverse)))
        }
        (_, []) => {
            let dp = remainder(&key.d, &*minus_one(&key.p)?)?;
            let dq = remainder(&key.d, &*minus_one(&key.q)?)?;
            key.is_valid(&dp, &dq, None)
        }
        (_, additional) => key.is_valid_multi_prime(additional),
    };
    valid.then(|| PublicKey::rsa(modulus, exponent))
}

/// Whether a modulus is the product of two numbers, all big-endian: a key whose numbers do not fit
/// each other has been damaged.
pub(crate) fn are_factors(p: &[u8], q: &[u8], modulus: &[u8]) -> bool {
    if [p, q, modulus].iter().any(|n| n.len() > MAX_BYTES) {
        return false;
    }
    let (p, q, modulus) = (number(p), number(q), number(modulus));
    let one = BoxedUint::one();
    *p > one && *q > one && *p < *modulus && *q < *modulus && product_is(&p, &q, &modulus, 0)
}

/// An integer of `encoding/asn1`'s `optional`: another tag is none. `None` if it is malformed.
fn optional_integer<'a>(fields: &mut Reader<'a>) -> Option<Explicit<'a>> {
    if fields.is_next(der::Tag::INTEGER) {
        fields.integer().map(Explicit::Contents)
    } else {
        Some(Explicit::Absent)
    }
}

/// The primes beyond the second of RFC 8017's multi-prime keys, each with exponent and coefficient.
fn additional_primes<'a>(fields: &mut Reader<'a>) -> Option<Vec<&'a [u8]>> {
    let mut primes = Vec::new();
    if fields.is_next(der::Tag::SEQUENCE) {
        let mut list = fields.sequence()?;
        while !list.is_empty() {
            let mut info = list.sequence()?;
            primes.push(info.integer()?);
            info.integer()?;
            info.integer()?;
        }
    }
    Some(primes)
}

/// Wiped when dropped, as everything that is worked out from the key.
type Number = Zeroizing<BoxedUint>;

struct Numbers {
    n: Number,
    e: u32,
    d: Number,
    p: Number,
    q: Number,
}

impl Numbers {
    /// `checkPrivateKey` of Go's `crypto/internal/fips140/rsa`.
    fn is_valid(&self, dp: &BoxedUint, dq: &BoxedUint, q_inverse: Option<&BoxedUint>) -> bool {
        self.modulus_fits()
            && *self.p < *self.n
            && *self.q < *self.n
            && product_is(&self.p, &self.q, &self.n, 0)
            && self.exponent_fits(dp, &self.p)
            && self.exponent_fits(dq, &self.q)
            && self.coefficient_fits(q_inverse)
            && self.distance_fits()
            && self.d.bit_width_vartime() > self.n.bit_width_vartime() / 2
    }

    /// The checks of a key with three primes or more, which Go reads for old times' sake: the
    /// product is not compared with the modulus.
    fn is_valid_multi_prime(&self, additional: &[&[u8]]) -> bool {
        let one = BoxedUint::one();
        let mut product = self.p.clone();
        if !self.modulus_fits() || *self.p <= one {
            return false;
        }
        for prime in [self.q.clone()].into_iter().chain(additional.iter().map(|p| number(p))) {
            if *prime <= one || !coprime(product.clone(), prime.clone()) {
                return false;
            }
            product = Zeroizing::new(product.concatenating_mul(&*prime));
        }
        true
    }

    fn modulus_fits(&self) -> bool {
        self.n.bit_width_vartime() > 1 && self.n.bit_vartime(0) && *self.d < *self.n
    }

    /// e times the CRT exponent is 1 modulo prime - 1, and so is d in its place.
    fn exponent_fits(&self, exponent: &BoxedUint, prime: &BoxedUint) -> bool {
        let Some(modulus) = minus_one(prime).filter(|m| m.bit_width_vartime() > 1) else {
            return false;
        };
        *exponent < *modulus
            && product_is(exponent, &BoxedUint::from(self.e), &modulus, 1)
            && remainder(&self.d, &modulus).is_some_and(|d| *d == *exponent)
    }

    /// The coefficient is the inverse of q modulo p. Where the file has none Go works it out,
    /// which fails only if there is none.
    fn coefficient_fits(&self, q_inverse: Option<&BoxedUint>) -> bool {
        match q_inverse {
            Some(inverse) => *inverse < *self.p && product_is(&self.q, inverse, &self.p, 1),
            None => self.p.bit_vartime(0) && coprime(self.q.clone(), self.p.clone()),
        }
    }

    /// Primes that are too close to each other are easily found.
    fn distance_fits(&self) -> bool {
        let (large, small) =
            if *self.p > *self.q { (&self.p, &self.q) } else { (&self.q, &self.p) };
        let difference = Zeroizing::new(large.wrapping_sub(&**small));
        difference.bit_width_vartime() > 0
            && i64::from(difference.bit_width_vartime())
                > i64::from(self.n.bit_width_vartime() / 2) - 100
    }
}

fn number(bytes: &[u8]) -> Number {
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    let bytes = bytes.get(zeros..).unwrap_or_default();
    Zeroizing::new(BoxedUint::from_be_slice_vartime(bytes))
}

fn minus_one(number: &BoxedUint) -> Option<Number> {
    (number.bit_width_vartime() > 0).then(|| Zeroizing::new(number.wrapping_sub(BoxedUint::one())))
}

fn remainder(number: &BoxedUint, modulus: &BoxedUint) -> Option<Number> {
    let modulus = Zeroizing::new(Option::<NonZero<_>>::from(modulus.to_nz())?);
    Some(Zeroizing::new(number.rem_vartime(&*modulus)))
}

fn product_is(a: &BoxedUint, b: &BoxedUint, modulus: &BoxedUint, expected: u8) -> bool {
    let product = Zeroizing::new(a.concatenating_mul(b));
    remainder(&product, modulus).is_some_and(|rest| *rest == BoxedUint::from(expected))
}

fn coprime(mut a: Number, mut b: Number) -> bool {
    while b.bit_width_vartime() > 0 {
        let Some(rest) = remainder(&a, &b) else { return false };
        a = std::mem::replace(&mut b, rest);
    }
    *a == BoxedUint::one()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;
    use crate::material::pem;

    /// A 512-bit key of two primes, and its PKCS#1 fields.
    fn fields() -> Vec<Vec<u8>> {
        let pem = include_bytes!("../../tests/fixtures/tls/rsa512.key");
        let der = pem::blocks(pem).next().unwrap().contents;
        let mut reader = Reader::new(&der).sequence().unwrap();
        std::iter::from_fn(|| reader.integer().map(<[u8]>::to_vec)).collect()
    }

    fn der(fields: &[Vec<u8>]) -> Vec<u8> {
        element(0x30, &fields.iter().flat_map(|f| element(0x02, f)).collect::<Vec<_>>())
    }

    #[test]
    fn a_good_key() {
        let fields = fields();
        assert_eq!(parse_pkcs1(&der(&fields)), Some(PublicKey::rsa(&fields[1], 65537)));
        // Without the CRT values, Go works them out.
        assert!(parse_pkcs1(&der(&fields[..6])).is_some());
        assert!(parse_pkcs1(&der(&fields[..8])).is_some());
    }

    #[test]
    fn every_number_is_looked_at() {
        let names = ["version", "n", "e", "d", "p", "q", "dp", "dq", "q inverse"];
        for (index, name) in names.into_iter().enumerate() {
            let mut bad = fields();
            *bad[index].last_mut().unwrap() ^= 2;
            assert_eq!(parse_pkcs1(&der(&bad)), None, "{name} changed");
            bad = fields();
            bad[index] = vec![0xff];
            let negative = parse_pkcs1(&der(&bad)).is_some();
            assert_eq!(negative, name == "version", "{name} negative");
            bad = fields();
            bad[index].insert(0, 0);
            bad[index].insert(0, 0);
            assert_eq!(parse_pkcs1(&der(&bad)), None, "{name} not in its shortest form");
        }
        assert_eq!(parse_pkcs1(&der(&fields()[..5])), None);
    }

    #[test]
    fn nothing_behind_the_key_but_anything_within() {
        let mut key = der(&fields());
        key.push(0);
        assert_eq!(parse_pkcs1(&key), None);
        let mut inner: Vec<u8> = fields().iter().flat_map(|f| element(0x02, f)).collect();
        inner.extend([0x04, 0x01, 0x00]);
        assert!(parse_pkcs1(&element(0x30, &inner)).is_some());
    }

    #[test]
    fn euclid() {
        for (a, b, expected) in [(35_u32, 64, true), (35, 21, false), (1, 1, true), (6, 3, false)] {
            let number = |n| Zeroizing::new(BoxedUint::from(n));
            assert_eq!(coprime(number(a), number(b)), expected, "{a} {b}");
        }
    }

    #[test]
    fn huge_numbers_are_refused() {
        let mut bad = fields();
        bad[3] = vec![0x7f; MAX_BYTES + 1];
        assert_eq!(parse_pkcs1(&der(&bad)), None);
    }
}
