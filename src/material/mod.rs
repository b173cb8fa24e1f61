//! Pure parsers of secret material: bytes in, a typed value or a typed error out.
