use sea_orm::{IntoActiveModel, ModelTrait};

use super::{Change, Versioned, Written};
use crate::error::Result;

/// Rows of one table, put as they should be: new ones first and together, so that a changed one
/// may refer to them; unchanged ones not at all.
pub struct Batch<'c, E: Versioned> {
    change: &'c Change,
    new: Vec<E::Model>,
    moved: Vec<(E::Model, E::Model)>,
    written: Vec<Written>,
}

impl<'c, E> Batch<'c, E>
where
    E: Versioned,
    E::Model: IntoActiveModel<E::ActiveModel> + PartialEq,
{
    pub(super) fn new(change: &'c Change) -> Self {
        Self { change, new: Vec::new(), moved: Vec::new(), written: Vec::new() }
    }

    /// One row, beside what it was before, if it was. Says what will happen to it.
    pub fn put(&mut self, before: Option<&E::Model>, after: E::Model) -> Written {
        let written = match before {
            None => {
                self.new.push(after);
                Written::Created
            }
            Some(before) if same::<E>(before, &after) => Written::Unchanged,
            Some(before) => {
                self.moved.push((before.clone(), after));
                Written::Updated
            }
        };
        self.written.push(written);
        written
    }

    /// Writes what is to be written; what happened to each row, in the order they were put.
    pub async fn write(self) -> Result<Vec<Written>> {
        self.change.insert_many::<E>(self.new).await?;
        for (before, after) in self.moved {
            self.change.update::<E>(&before, after).await?;
        }
        Ok(self.written)
    }
}

/// Whether two rows are alike but for their revision.
pub(super) fn same<E: Versioned>(before: &E::Model, after: &E::Model) -> bool
where
    E::Model: PartialEq,
{
    let mut after = after.clone();
    after.set(E::revision(), before.get(E::revision()));
    after == *before
}
