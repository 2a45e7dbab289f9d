//! The same in REST.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{PasswordChange, Refresh, Session, SignIn, normal};
use crate::access::Access;
use crate::error::{Code, Problem, Result};
use crate::history::Store;
use crate::identity::Keys;
use crate::identity::attempts::{Attempt, Attempts};
use crate::wire::rest::{Answer, Body, Params};

/// The routes of sessions.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_session)
        .service(refresh_session)
        .service(end_session)
        .service(change_password);
}

/// Sign in with e-mail and password. Five tries at an account and twenty from an address in a
/// quarter of an hour.
#[utoipa::path(tag = "identity", operation_id = "createSession", request_body = SignIn,
    responses((status = 201, body = Session), (status = "4XX", body = Problem)))]
#[post("/sessions")]
async fn create_session(
    request: HttpRequest,
    (store, keys, attempts): (Data<Store>, Data<Keys>, Data<Attempts>),
    _: Params,
    wanted: Body<SignIn>,
) -> Result<Answer<Session>> {
    let from = request.peer_addr().map(|address| address.ip());
    let attempt = Attempt::at(&normal(&wanted.0.email), from);
    attempts.begin(&attempt, store.clock().now())?;
    let session = super::sign_in(&store.into_inner(), &keys, wanted.0).await?;
    attempts.succeeded(&attempt);
    Ok(Answer::secret(session))
}

/// Go on being signed in: the next tokens, for the newest refresh token. One that was used before
/// ends the sign-in.
#[utoipa::path(tag = "identity", operation_id = "refreshSession", request_body = Refresh,
    responses((status = 201, body = Session), (status = "4XX", body = Problem)))]
#[post("/sessions/refresh")]
async fn refresh_session(
    (store, keys): (Data<Store>, Data<Keys>),
    _: Params,
    wanted: Body<Refresh>,
) -> Result<Answer<Session>> {
    super::refresh(&store.into_inner(), &keys, wanted.0).await.map(Answer::secret)
}

/// Sign out: neither of the tokens is good any more.
#[utoipa::path(tag = "identity", operation_id = "endSession",
    responses((status = 204, description = "Signed out."), (status = "4XX", body = Problem)))]
#[delete("/sessions/current")]
async fn end_session(access: Access, _: Params) -> Result<Answer<()>> {
    super::sign_out(&access).await?;
    Ok(Answer::gone())
}

/// Choose another password. The caller's other sign-ins end.
#[utoipa::path(tag = "identity", operation_id = "changeOwnPassword", request_body = PasswordChange,
    responses((status = 204, description = "The account has the new password."), (status = "4XX", body = Problem)))]
#[post("/me/password")]
async fn change_password(
    access: Access,
    (store, attempts): (Data<Store>, Data<Attempts>),
    _: Params,
    wanted: Body<PasswordChange>,
) -> Result<Answer<()>> {
    let own = access.actor().account().map(|id| id.to_string()).unwrap_or_default();
    let attempt = Attempt::at(&own, None);
    attempts.begin(&attempt, store.clock().now())?;
    let done = super::change_own(&store.into_inner(), &access, wanted.0).await;
    // Only a wrong password is a guess.
    if !done.as_ref().is_err_and(|error| error.code() == Code::Invalid) {
        attempts.succeeded(&attempt);
    }
    done.map(|()| Answer::gone())
}
