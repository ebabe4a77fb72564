//! What the tests, the benchmarks and `conform` share.
