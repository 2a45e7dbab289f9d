//! The same in REST.

use actix_web::web::{Data, Path};
use actix_web::{get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Account, AccountChange, AccountFilter, AccountInput, Activation, Invitation, Invited};
use crate::access::Access;
use crate::error::{Problem, Result};
use crate::filter::StringFilter;
use crate::history::{AnyRevision, Store};
use crate::id::{AccountId, AnyId, Id as _};
use crate::page::rest::{Items, PageParams};
use crate::wire::rest::{Answer, Body, IfMatch, Params};

/// The routes of accounts.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_accounts)
        .service(create_account)
        .service(invite_account)
        .service(activate_account)
        .service(get_account)
        .service(update_account);
}

/// Which accounts a list holds.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct AccountParams {
    /// Only the one of this e-mail address.
    email: Option<String>,
    /// Only those that are closed, or only those that are not.
    disabled: Option<bool>,
    /// Only those written after this revision.
    changed_after: Option<String>,
}

impl From<AccountParams> for AccountFilter {
    fn from(params: AccountParams) -> Self {
        let AccountParams { email, disabled, changed_after } = params;
        let email = email.map(|email| email.trim().to_lowercase());
        Self {
            email: email.map(|email| StringFilter { eq: Some(email), ..Default::default() }),
            disabled,
            changed_after: changed_after.map(AnyRevision),
            ..Self::default()
        }
    }
}

/// The accounts that fit: the caller's own, and those of the regions where they manage access.
#[utoipa::path(tag = "access", operation_id = "listAccounts", params(AccountParams, PageParams),
    responses((status = 200, body = Items<Account>), (status = "4XX", body = Problem)))]
#[get("/accounts")]
async fn list_accounts(
    access: Access,
    Params(filter, page): Params<AccountParams, PageParams>,
) -> Result<Answer<Items<Account>>> {
    super::page(&access, &filter.into(), &[], &page.asked()?).await.map(Answer::list)
}

/// Open an account, without a password until its owner is invited. For who manages access.
#[utoipa::path(tag = "access", operation_id = "createAccount", request_body = AccountInput,
    responses((status = 201, body = Account), (status = "4XX", body = Problem)))]
#[post("/accounts")]
async fn create_account(
    access: Access,
    _: Params,
    new: Body<AccountInput>,
) -> Result<Answer<Account>> {
    let account = super::create(&access, new.0).await?;
    let place = format!("/api/v1/accounts/{}", account.id);
    Ok(Answer::tagged(account.revision, account).created_at(place))
}

/// One account.
#[utoipa::path(tag = "access", operation_id = "getAccount", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Account), (status = "4XX", body = Problem)))]
#[get("/accounts/{id}")]
async fn get_account(access: Access, id: Path<AnyId>, _: Params) -> Result<Answer<Account>> {
    let account = super::get(&access, AccountId::parse_at("id", &id)?).await?;
    Ok(Answer::tagged(account.revision, account))
}

/// Change an account that is at the revision sent as `If-Match`.
#[utoipa::path(tag = "access", operation_id = "updateAccount", request_body = AccountChange,
    params(("id" = String, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, body = Account), (status = "4XX", body = Problem)))]
#[patch("/accounts/{id}")]
async fn update_account(
    access: Access,
    id: Path<AnyId>,
    read: IfMatch,
    _: Params,
    change: Body<AccountChange>,
) -> Result<Answer<Account>> {
    let id = AccountId::parse_at("id", &id)?;
    let done = super::update(&access, id, read.revision, change.0).await;
    done.map_err(IfMatch::told).map(|account| Answer::tagged(account.revision, account))
}

/// Invite somebody to choose the password of an account, opening it if need be. The token is in
/// this answer and nowhere else.
#[utoipa::path(tag = "access", operation_id = "inviteAccount", request_body = Invitation,
    responses((status = 201, body = Invited), (status = "4XX", body = Problem)))]
#[post("/accounts/invitations")]
async fn invite_account(
    access: Access,
    _: Params,
    wanted: Body<Invitation>,
) -> Result<Answer<Invited>> {
    super::invite(&access, wanted.0).await.map(Answer::secret)
}

/// Choose a password by invitation, once.
#[utoipa::path(tag = "identity", operation_id = "activateAccount", request_body = Activation,
    responses((status = 204, description = "The account has the password."), (status = "4XX", body = Problem)))]
#[post("/accounts/activate")]
async fn activate_account(
    store: Data<Store>,
    _: Params,
    wanted: Body<Activation>,
) -> Result<Answer<()>> {
    super::activate(&store.into_inner(), wanted.0).await?;
    Ok(Answer::gone())
}
