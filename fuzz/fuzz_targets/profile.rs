//! Feeds `profile`'s body what libFuzzer makes up.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rdsconnect_fuzz::profile::run(data));
