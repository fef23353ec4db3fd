#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| props::sealed_state::check(data));
