#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| props::catalogue_arguments::check(data));
