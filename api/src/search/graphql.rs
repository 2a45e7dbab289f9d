//! The same in GraphQL.

use async_graphql::{ComplexObject, Context, Object};

use super::{SearchHit, SearchKind};
use crate::error::Result;
use crate::graphql::{Node, node_of};
use crate::page::graphql::{Connection, asked};
use crate::wire::graphql::AccessExt as _;

/// Looking for things by words.
#[derive(Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// What has all of these words and the caller may see, kind by kind, each by name. Parts of words
    /// count; names are looked at in Korean and English.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to ten words.")] text: String,
        #[graphql(desc = "Only these kinds.")] kinds: Option<Vec<SearchKind>>,
        #[graphql(desc = "How many, 1 to 100; 20 if not said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
    ) -> Result<Connection<SearchHit>> {
        let request = asked(ctx, (first, after), (None, None))?;
        let kinds = kinds.unwrap_or_default();
        super::page(ctx.access(), &text, &kinds, &request).await.map(Into::into)
    }
}

#[ComplexObject]
impl SearchHit {
    /// The thing itself.
    async fn node(&self, ctx: &Context<'_>) -> Option<Result<Node>> {
        node_of(ctx, &self.id).await.transpose()
    }
}
