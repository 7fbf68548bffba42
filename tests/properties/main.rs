//! Properties that hold for any value, by proptest.
