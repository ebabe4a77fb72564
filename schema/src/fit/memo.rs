//! Answers that are remembered.

use super::Fit;
use crate::{Type, ty::NodeId};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

type Key = (usize, NodeId);

/// How types fit into one another, found out once for each pair.
///
/// A pair is known by what its types are, not by what they look like: clones of a type are the same, and so are the
/// types that [`Type::at`] finds twice at one path, as long as the path leads to one place of one schema. A type that is
/// put together anew each time, as a union of what several branches have at a path, is another each time.
///
/// The types of a remembered pair live as long as the answer does. When it is full, everything is forgotten.
///
/// ```
/// use flowright_schema::{FitMemo, FitVerdict, Type};
///
/// let memo = FitMemo::new(1000);
/// let (integer, number) = (Type::integer(), Type::number());
/// assert_eq!(memo.fits(&integer, &number).verdict, FitVerdict::Fits);
/// assert_eq!(memo.fits(&integer, &number).verdict, FitVerdict::Fits);
/// assert_eq!(memo.len(), 1);
/// ```
#[derive(Debug)]
pub struct FitMemo {
    most: usize,
    known: RwLock<HashMap<(Key, Key), Remembered>>,
}

#[derive(Debug)]
struct Remembered {
    fit: Arc<Fit>,
    /// What the key means as long as they live.
    _types: (Type, Type),
}

impl FitMemo {
    /// Nothing remembered yet; never more than `most` answers.
    pub fn new(most: usize) -> Self {
        FitMemo { most, known: RwLock::default() }
    }

    /// How `a` fits into `b`: [`Type::fits`], where it is not known.
    pub fn fits(&self, a: &Type, b: &Type) -> Arc<Fit> {
        let (from, into) = (a.view(), b.view());
        let key = (from.key(), into.key());
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(&known.fit);
        }
        let fit = Arc::new(a.fits(b));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= self.most {
            known.clear();
        }
        if self.most > 0 {
            let types = (from.to_type(), into.to_type());
            known.insert(key, Remembered { fit: Arc::clone(&fit), _types: types });
        }
        fit
    }

    /// How many answers are remembered.
    pub fn len(&self) -> usize {
        self.known.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FitVerdict, Origin, Path, Segment};
    use serde_json::json;

    #[test]
    fn a_pair_is_answered_once_and_forgotten_when_there_are_too_many() {
        let memo = FitMemo::new(2);
        assert!(memo.is_empty());
        let schema = json!({ "type": "object", "properties": { "a": { "type": "string", "minLength": 1 } } });
        let object = Type::parse(&schema, Origin::Schema).unwrap();
        let at = || object.at(&Path::from(vec![Segment::shorthand("a")])).ty;
        let first = memo.fits(&at(), &Type::string());
        assert!(Arc::ptr_eq(&first, &memo.fits(&at(), &Type::string())));
        assert_eq!(first.verdict, FitVerdict::Fits);
        memo.fits(&Type::string(), &at());
        assert_eq!(memo.len(), 2);
        memo.fits(&Type::string(), &Type::null());
        assert_eq!(memo.len(), 1);
        assert!(!memo.is_empty());
        let nothing = FitMemo::new(0);
        assert_eq!(nothing.fits(&Type::null(), &Type::string()).verdict, FitVerdict::NeverFits);
        assert!(nothing.is_empty());
    }

    #[test]
    fn it_is_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<FitMemo>();
    }
}
