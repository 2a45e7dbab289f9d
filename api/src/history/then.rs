//! Putting a thing as it was: the row and its parts from a past moment, written as a change like any
//! other.

use sea_orm::{IntoActiveModel, ModelTrait as _, Value};

use super::{Change, Versioned, Written};
use crate::error::{Code, Error, Result};
use crate::message;

impl Change {
    /// Puts the parts of a thing as they were: those that came since go.
    pub async fn restore<E>(&self, now: Vec<E::Model>, then: Vec<E::Model>) -> Result<Written>
    where
        E: Versioned,
        E::Model: IntoActiveModel<E::ActiveModel> + PartialEq,
    {
        let id = |row: &E::Model| match row.get(E::id()) {
            Value::Uuid(id) => id,
            _ => None,
        };
        let mut moved = false;
        for row in now.iter().filter(|row| then.iter().all(|old| id(old) != id(row))) {
            self.delete::<E>(row).await?;
            moved = true;
        }
        let mut batch = self.batch::<E>();
        for row in then {
            let before = now.iter().find(|it| id(it) == id(&row));
            moved |= batch.put(before, row) != Written::Unchanged;
        }
        batch.write().await?;
        Ok(if moved { Written::Updated } else { Written::Unchanged })
    }

    /// Overwrites a row of which parts were written, too: where only they have changed, it gets a
    /// new revision because they belong to it.
    pub async fn whole<E>(
        &self,
        before: &E::Model,
        after: E::Model,
        parts: &[Written],
    ) -> Result<Written>
    where
        E: Versioned,
        E::Model: IntoActiveModel<E::ActiveModel> + PartialEq,
    {
        let whole = self.update::<E>(before, after).await?;
        if whole == Written::Unchanged && parts.contains(&Written::Updated) {
            self.touch::<E>(before).await?;
            return Ok(Written::Updated);
        }
        Ok(whole)
    }
}

/// What a read at an earlier revision failed with, told at `toRevision`.
pub fn not_then(error: Error) -> Error {
    match error.code() {
        Code::NotFound => Error::new(Code::NotFound, message::was_not_there()).at("toRevision"),
        Code::Invalid => Error::invalid("toRevision", message::not_yet()),
        _ => error,
    }
}

/// What writing an earlier state failed with: where something it refers to is gone, that is said.
pub fn not_now(error: Error) -> Error {
    let of_the_database =
        error.code() == Code::Conflict && error.current().is_none() && error.faults().is_empty();
    match of_the_database {
        true => Error::new(Code::Conflict, message::refers_to_what_is_gone()).at("toRevision"),
        false => error,
    }
}
