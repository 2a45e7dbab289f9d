//! The same in GraphQL.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, Object};

use super::{AsOf, Provenance, Source, SourceFilter};
use crate::access::Access;
use crate::error::{Error, Result};
use crate::id::SourceId;
use crate::message::Lang;
use crate::page::graphql::{Connection, asked};
use crate::wire::graphql::AccessExt as _;

/// Queries about sources.
#[derive(Default)]
pub struct SourceQuery;

#[Object]
impl SourceQuery {
    /// Where the figures come from, by title.
    async fn sources(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sources.")] filter: Option<SourceFilter>,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Source>> {
        let request = asked(ctx, (first, after), (last, before))?;
        super::page(ctx.access(), &filter.unwrap_or_default(), &request).await.map(Into::into)
    }
}

#[ComplexObject]
impl Provenance {
    /// What it was taken from; the first is the main one.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        let keys = self.cited.iter().map(|id| SourceKey(SourceId(*id)));
        ctx.loaders().all(keys.collect()).await
    }

    /// A line to cite it by: publisher, title, date, licence and address of its sources, the revision
    /// this answer shows, and how sure it is; null where nothing is known of where it comes from.
    async fn citation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the request's if not said.")] lang: Option<Lang>,
    ) -> Result<Option<String>> {
        let sources = self.sources(ctx).await?;
        let line = self.line(&sources, &AsOf::of(ctx.access()).await?);
        Ok(line.map(|line| line.into_lang(lang.unwrap_or_else(|| ctx.lang()))))
    }
}

/// A source, fetched with all others that one answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourceKey(pub SourceId);

impl Loader<SourceKey> for Access {
    type Value = Source;
    type Error = Error;

    async fn load(&self, keys: &[SourceKey]) -> Result<HashMap<SourceKey, Source>> {
        let sources = super::by_ids(self, keys.iter().map(|key| key.0)).await?;
        Ok(sources.into_iter().map(|source| (SourceKey(source.id), source)).collect())
    }
}
