#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| props::oneapi_response::check(data));
