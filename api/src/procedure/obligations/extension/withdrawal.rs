use async_graphql::InputObject;
use entity::extension::{Entity, Model};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{Obligation, get};
use super::{extension, visible};
use crate::access::{Access, Action};
use crate::error::{Code, Error, Result};
use crate::history::Revision;
use crate::id::ExtensionId;
use crate::{input, message};

/// Why an extension is withdrawn.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[graphql(name = "ExtensionWithdrawn")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ExtensionWithdrawn)]
pub struct Withdrawn {
    /// Why: up to 20,000 characters.
    pub reason: String,
}

/// Withdraws an extension that is at this revision: it stays to be read, and gives no more time, so
/// that the duty is due as it was without it. For who oversees the body of its duty.
pub async fn withdraw(
    access: &Access,
    id: ExtensionId,
    revision: Revision,
    withdrawn: Withdrawn,
) -> Result<Obligation> {
    let given = extension(access, id).await.map_err(|error| error.at("id"))?;
    let key = given.duty()?;
    access.require(Action::OverseeProgress, key.region)?;
    let reason = input::text(&withdrawn.reason, input::TEXT).map_err(|error| error.at("reason"))?;
    access
        .change("withdrawExtension", async move |change| {
            let before = change.current(visible(change), id.0, revision).await?;
            if before.withdrawal_reason.is_some() {
                let text = message::extension_withdrawn();
                return Err(Error::new(Code::GuardFailed, text).at("id"));
            }
            let after = Model { withdrawal_reason: Some(reason), ..before.clone() };
            change.update::<Entity>(&before, after).await
        })
        .await?;
    get(access, &key, None).await
}
