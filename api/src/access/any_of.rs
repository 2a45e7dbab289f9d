//! Columns that are one of many values: one statement, however many there are.

use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{
    Alias, ArrayType, Expr, ExprTrait, Func, IntoColumnRef, Query, SimpleExpr,
};
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

use super::Access;

impl Access {
    /// `column` is one of these ids.
    pub fn any_of(
        &self,
        column: impl IntoColumnRef,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> SimpleExpr {
        let ids = ids.into_iter();
        match self.store.backend() {
            DbBackend::Postgres => {
                let ids: Vec<Value> = ids.map(Value::from).collect();
                let array = Value::Array(ArrayType::Uuid, Some(Box::new(ids)));
                any(Expr::col(column), array)
            }
            _ => {
                let ids: Vec<String> = ids.map(|id| id.simple().to_string()).collect();
                one_of_json(Expr::col(column), &ids, "unhex(\"value\")")
            }
        }
    }

    /// `column` is one of these codes.
    pub fn any_code(
        &self,
        column: impl IntoColumnRef,
        codes: impl IntoIterator<Item = String>,
    ) -> SimpleExpr {
        let codes: Vec<String> = codes.into_iter().collect();
        match self.store.backend() {
            DbBackend::Postgres => {
                let codes = codes.into_iter().map(Value::from).collect();
                let array = Value::Array(ArrayType::String, Some(Box::new(codes)));
                any(Expr::col(column), array)
            }
            _ => one_of_json(Expr::col(column), &codes, "\"value\""),
        }
    }
}

fn any(column: SimpleExpr, array: Value) -> SimpleExpr {
    column.eq(PgFunc::any(Expr::val(array)))
}

fn one_of_json(column: SimpleExpr, list: &[String], value: &'static str) -> SimpleExpr {
    let list = serde_json::Value::from(list).to_string();
    let each = Func::cust(Alias::new("json_each")).arg(Expr::val(list));
    let rows =
        Query::select().expr(Expr::cust(value)).from_function(each, Alias::new("each")).to_owned();
    column.in_subquery(rows)
}
