//! Names that people read, in the languages there are.

use async_graphql::{Context, Object};
use serde::Serialize;
use utoipa::ToSchema;

use crate::message::Lang;

/// A name in the languages there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Name {
    /// In Korean.
    pub ko: String,
    /// In English, where there is one.
    pub en: Option<String>,
}

impl Name {
    /// The name in a language, and the language it is then in: Korean where there is no other.
    pub fn in_lang(&self, lang: Lang) -> (&str, Lang) {
        match (lang, &self.en) {
            (Lang::En, Some(name)) => (name, Lang::En),
            _ => (&self.ko, Lang::Ko),
        }
    }
}

/// In GraphQL a name is two fields of the thing it names.
#[Object]
impl Name {
    /// Its name.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the request's if not said.")] lang: Option<Lang>,
    ) -> &str {
        self.in_lang(lang.unwrap_or_else(|| *ctx.data_unchecked())).0
    }

    /// The language that `name` comes in: Korean where there is no other.
    async fn name_lang(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language; the request's if not said.")] lang: Option<Lang>,
    ) -> Lang {
        self.in_lang(lang.unwrap_or_else(|| *ctx.data_unchecked())).1
    }
}
