//! Maps whose keys documents choose: a fast hash, seeded anew in every process, so that nobody can choose keys that
//! collide.

use std::collections::{HashMap, HashSet};

pub(crate) type Map<K, V> = HashMap<K, V, ahash::RandomState>;
pub(crate) type Set<K> = HashSet<K, ahash::RandomState>;
