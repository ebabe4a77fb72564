//! What was found out about types once, for as long as the registry lives: its definitions do not change.

use crate::map::Map;
use flowright_schema::{Access, Fit, FitMemo, Path, Segment, Type};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How many answers of each kind are kept. Documents decide what is asked, so there must be an end.
const MOST: usize = 16_384;
/// Longer paths are looked up anew: in segments, and in bytes of their names.
const LONGEST: usize = 16;
const WIDEST: usize = 512;

/// Types at paths, and how types fit into each other.
pub(crate) struct Memo {
    accesses: RwLock<Accesses>,
    fits: FitMemo,
}

/// What is at paths inside the types of the registry.
struct Accesses {
    roots: ByIdentity<Identity, Map<Path, Access>>,
    kept: usize,
    /// The schemas that live as long as this does; how others fit is not asked again.
    schemas: HashSet<usize, Plainly>,
}

/// What tells a type from every other one that lives: its schema, and where in it.
type Identity = (usize, u32);
type ByIdentity<K, V> = HashMap<K, V, Plainly>;
type Plainly = BuildHasherDefault<Plain>;

impl Memo {
    /// Of a registry with these types, which live as long as it does: paths begin at `roots`, and lead to `others`.
    pub(crate) fn new<'t>(
        roots: impl IntoIterator<Item = &'t Type>,
        others: impl IntoIterator<Item = &'t Type>,
    ) -> Self {
        let mut accesses = Accesses { roots: HashMap::default(), kept: 0, schemas: HashSet::default() };
        for root in roots {
            accesses.roots.insert(root.identity(), Map::default());
            accesses.schemas.insert(root.identity().0);
        }
        accesses.schemas.extend(others.into_iter().map(|other| other.identity().0));
        Memo { accesses: RwLock::new(accesses), fits: FitMemo::new(MOST) }
    }

    /// What is at `path` inside `root`.
    pub(crate) fn at(&self, root: &Type, path: &Path) -> Access {
        if path.segments().is_empty() {
            return root.at(path);
        }
        let identity = root.identity();
        let is_kept = match read(&self.accesses).roots.get(&identity).map(|known| known.get(path)) {
            Some(Some(access)) => return access.clone(),
            Some(None) => is_short(path),
            None => false,
        };
        let access = root.at(path);
        // What leads nowhere ends in a report, which costs more than to look again.
        if is_kept && access.lost.is_none() {
            self.keep(identity, path, &access);
        }
        access
    }

    fn keep(&self, root: Identity, path: &Path, access: &Access) {
        let mut accesses = write(&self.accesses);
        if accesses.kept >= MOST {
            return;
        }
        accesses.kept += 1;
        accesses.schemas.insert(access.ty.identity().0);
        if let Some(known) = accesses.roots.get_mut(&root) {
            known.entry(path.clone()).or_insert_with(|| access.clone());
        }
    }

    /// How `found` fits into `expected`.
    pub(crate) fn fits(&self, found: &Type, expected: &Type) -> Arc<Fit> {
        let is_kept = {
            let schemas = &read(&self.accesses).schemas;
            schemas.contains(&found.identity().0) && schemas.contains(&expected.identity().0)
        };
        if is_kept { self.fits.fits(found, expected) } else { Arc::new(found.fits(expected)) }
    }
}

fn is_short(path: &Path) -> bool {
    let names = path.segments().iter().filter_map(Segment::as_member);
    path.segments().len() <= LONGEST && names.map(str::len).sum::<usize>() <= WIDEST
}

// What was kept before another thread panicked is still true.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Hashes identities, which nobody outside the program chooses.
#[derive(Default)]
struct Plain(u64);

impl Hasher for Plain {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, part: u32) {
        self.write_u64(u64::from(part));
    }

    fn write_u64(&mut self, part: u64) {
        self.0 = (self.0.rotate_left(26) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, part: usize) {
        self.write_u64(part as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flowright_schema::{FitVerdict, Origin, Presence};
    use serde_json::json;

    fn list() -> Type {
        let schema = json!({
            "$ref": "#/$defs/list",
            "$defs": { "list": {
                "type": "object",
                "properties": { "next": { "anyOf": [{ "$ref": "#/$defs/list" }, { "type": "null" }] }, "n": { "type": "integer" } },
                "required": ["n"],
            } },
        });
        Type::parse(&schema, Origin::Schema).unwrap()
    }

    fn path(names: &[&str]) -> Path {
        names.iter().map(|name| Segment::shorthand(name)).collect()
    }

    #[test]
    fn the_type_at_a_path_is_found_once() {
        let list = list();
        let memo = Memo::new([&list], []);
        let way = path(&["next", "next", "next"]);
        let first = memo.at(&list, &way);
        assert_eq!((first.presence, &first.ty), (Presence::Maybe, &list.at(&way).ty));
        assert_eq!(memo.at(&list, &way).ty.identity(), first.ty.identity());
    }

    #[test]
    fn of_types_that_come_and_go_nothing_is_kept() {
        let (list, other) = (list(), list());
        let memo = Memo::new([&list], [&Type::boolean()]);
        memo.at(&other, &path(&["n"]));
        assert_eq!(read(&memo.accesses).kept, 0);
        assert_eq!(memo.fits(&Type::constant(true.into()), &Type::boolean()).verdict, FitVerdict::Fits);
        assert_eq!(memo.fits.len(), 0);
        assert_eq!(memo.fits(&list, &Type::boolean()).verdict, FitVerdict::NeverFits);
        assert_eq!(memo.fits.len(), 1);
        let fit = memo.fits(&list, &Type::boolean());
        assert!(Arc::ptr_eq(&fit, &memo.fits(&list, &Type::boolean())));
    }

    #[test]
    fn documents_cannot_fill_it_without_end() {
        let open =
            Type::parse(&json!({ "additionalProperties": { "type": "string" } }), Origin::Schema).unwrap();
        let memo = Memo::new([&open], []);
        for at in 0..MOST + 100 {
            memo.at(&open, &path(&[&format!("a{at}")]));
        }
        assert_eq!(read(&memo.accesses).kept, MOST);
        assert_eq!(memo.at(&open, &path(&["one more"])).ty.to_string(), "string");
        let memo = Memo::new([&open], []);
        memo.at(&open, &path(&[&"a".repeat(WIDEST + 1)]));
        memo.at(&open, &path(&["a"; LONGEST + 1]));
        assert_eq!(read(&memo.accesses).kept, 0);
    }
}
