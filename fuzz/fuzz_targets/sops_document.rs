#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mksecret::testing::run("sops_document", data));
