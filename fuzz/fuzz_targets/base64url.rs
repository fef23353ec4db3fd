#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| props::base64url::check(data));
