//! What actions borrow and the engine owns.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// What an action may borrow.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be borrowed by an action",
    label = "many actions borrow it at once, so it needs `Send` and `Sync`, and owns what it holds",
    note = "wrap what cannot be shared in a `Mutex`, and let a trait that is borrowed as `&dyn` require `Send + Sync`; a value that a document gives is owned: take it without `&`"
)]
pub trait ActionResource: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized + Send + Sync + 'static> ActionResource for T {}

/// The values that actions borrow, by their type.
#[derive(Clone, Default)]
pub struct Resources {
    by_type: Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Resources {
    /// Lends `resource` to every action that borrows a `T`; `T` may be a `dyn Trait`.
    pub fn insert<T: ?Sized + Send + Sync + 'static>(&mut self, resource: Arc<T>) {
        // The `Arc` itself is what is kept: it is sized where `T` is not.
        Arc::make_mut(&mut self.by_type).insert(TypeId::of::<T>(), Arc::new(resource));
    }

    /// Whether a value of this type is there.
    pub fn contains(&self, resource: TypeId) -> bool {
        self.by_type.contains_key(&resource)
    }

    /// The value of this type.
    pub fn get<T: ?Sized + 'static>(&self) -> Option<&Arc<T>> {
        let resource: &(dyn Any + Send + Sync) = &**self.by_type.get(&TypeId::of::<T>())?;
        resource.downcast_ref()
    }
}

impl fmt::Debug for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resources").field("count", &self.by_type.len()).finish()
    }
}
