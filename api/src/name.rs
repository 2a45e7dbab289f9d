//! Names that people read, in the languages there are.

use async_graphql::{Context, InputObject, Object};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Faults, Result};
use crate::input;
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

/// A name as a caller gives it.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameInput {
    /// In Korean: 1 to 300 characters.
    pub ko: String,
    /// In English, where there is one.
    pub en: Option<String>,
}

impl NameInput {
    /// The name; its faults stand at `ko` and `en`.
    pub fn parse(&self) -> Result<Name> {
        let mut faults = Faults::default();
        let ko = faults.at("ko", input::text(&self.ko, input::TITLE));
        let en = self.en.as_deref().map(|en| input::text(en, input::TITLE));
        match (ko, faults.maybe("en", en)) {
            (Some(ko), Some(en)) => Ok(Name { ko, en }),
            _ => faults.refuse(),
        }
    }
}
