#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| props::conn_stateful::check(data));
