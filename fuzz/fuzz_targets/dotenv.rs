#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mksecret::testing::run("dotenv", data));
