//! Feeds the target `journal` to the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| flowright_tests_fuzz::journal::hold(bytes));
