//! Feeds the target `run` to the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| flowright_tests_fuzz::run::hold(bytes));
