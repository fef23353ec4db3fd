#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| props::confirm_question::check(data));
