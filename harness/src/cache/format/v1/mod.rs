//! Format version 1, from which this project started.
