use std::collections::{HashMap, HashSet};

use async_graphql::InputObject;
use entity::code::{self, Confidence};
use entity::emission;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Gas;
use super::key::Key;
use crate::access::Access;
use crate::basis::BasisInput;
use crate::error::{Code, Error, Faults, Result};
use crate::history::{AnyRevision, Revision};
use crate::id::{AnyId, EmissionId, Id as _, RegionId, SourceId};
use crate::quantity::{MassInput, RateInput};
use crate::sector::{self, SectorKind};
use crate::source::{self, FigureStatus};
use crate::{input, message};

/// The most rows that are written at once.
pub const MOST: usize = 1_000;

/// A row of an inventory as a caller gives it: a sector or a label, and a number, a share, or a
/// notation key with its reason. A row of the same year, sector, label, gas, basis, scope and
/// vintage is overwritten as a whole.
#[derive(Clone, Debug, InputObject, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmissionInput {
    /// In which year; left out where that is not known.
    pub year: Option<i32>,
    /// The code of its sector; `TOTAL` for the total.
    pub sector: Option<String>,
    /// What to call this part.
    pub label: Option<String>,
    /// Which gas; all of them together if not said.
    pub gas: Option<Gas>,
    /// How much; negative for what is removed.
    pub amount: Option<MassInput>,
    /// Which part of the whole it is.
    pub share: Option<RateInput>,
    /// What stands behind the numbers; a notation key where there are none. `REPORTED` if not
    /// said, `ESTIMATED` where there is a derivation.
    pub status: Option<FigureStatus>,
    /// Why there is no number: needed with a notation key.
    pub reason: Option<String>,
    /// What exactly it counts.
    pub basis: Option<BasisInput>,
    /// What it counts, in the source's words.
    pub reported_scope: Option<String>,
    /// The year in which the series was published.
    pub vintage: Option<i32>,
    /// Whether the number is rounded.
    pub approximate: Option<bool>,
    /// What it is taken from: up to two sources, the main one first.
    pub sources: Option<Vec<AnyId>>,
    /// How it was worked out.
    pub derivation: Option<String>,
    /// What else should be known about it.
    pub note: Option<String>,
    /// The revision you read of the row that this overwrites; checked if given.
    pub revision: Option<AnyRevision>,
}

/// A row, checked; and the revision that the caller read of the one it overwrites.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub row: emission::Model,
    pub read: Option<Revision>,
}

/// The rows as they are to be, all faults told at once: `LIMIT_EXCEEDED` for too many.
pub(super) async fn checked(
    access: &Access,
    region: RegionId,
    rows: &[EmissionInput],
) -> Result<Vec<Checked>> {
    match rows.len() {
        0 => return Err(Error::new(Code::Invalid, message::required())),
        1..=MOST => {}
        len => return Err(Error::new(Code::LimitExceeded, message::at_most(MOST, len))),
    }
    let named = Named::of(access, rows).await?;
    let (mut faults, mut keys, mut found) = (Faults::default(), HashSet::new(), Vec::new());
    for (n, row) in rows.iter().enumerate() {
        let place = n.to_string();
        let Some(checked) = faults.at(&place, row.checked(region, &named)) else { continue };
        faults.rule(keys.insert(Key::from(&checked.row)), &place, message::taken());
        found.push(checked);
    }
    faults.into_error().map_or(Ok(found), Err)
}

/// What the rows name, looked up in a statement each.
struct Named {
    sectors: HashMap<String, (Uuid, SectorKind)>,
    sources: HashSet<Uuid>,
}

impl Named {
    async fn of(access: &Access, rows: &[EmissionInput]) -> Result<Self> {
        let sectors = sector::list(access).await?.into_iter();
        let sectors = sectors.map(|sector| (sector.code, (sector.id.0, sector.kind))).collect();
        let named = rows.iter().flat_map(|row| row.sources.iter().flatten());
        let ids: Vec<SourceId> = named.filter_map(|id| SourceId::parse(id).ok()).collect();
        let sources = source::by_ids(access, ids).await?.into_iter().map(|it| it.id.0).collect();
        Ok(Self { sectors, sources })
    }

    fn sector(&self, code: &str) -> Result<(Uuid, SectorKind)> {
        self.sectors.get(code).copied().ok_or_else(|| Error::not_found("sector"))
    }

    fn cited(&self, ids: &[AnyId]) -> Result<[Option<Uuid>; 2]> {
        if ids.len() > 2 {
            return Err(Error::new(Code::Invalid, message::too_many_ids(2)));
        }
        let known = |(n, id): (usize, &AnyId)| {
            let id = SourceId::parse(id).map_err(|error| error.at(&n.to_string()))?.0;
            let known = self.sources.contains(&id).then_some(id);
            known.ok_or_else(|| Error::not_found("source").at(&n.to_string()))
        };
        let ids = ids.iter().enumerate().map(known).collect::<Result<Vec<Uuid>>>()?;
        Ok([ids.first().copied(), ids.get(1).copied()])
    }
}

/// The numbers of a row, or why there are none.
struct Said {
    value: Option<i64>,
    share: Option<i64>,
    status: FigureStatus,
    reason: Option<String>,
}

/// What a row says in words.
struct Words {
    label: Option<String>,
    reported_scope: Option<String>,
    derivation: Option<String>,
    note: Option<String>,
}

impl EmissionInput {
    fn checked(&self, region: RegionId, named: &Named) -> Result<Checked> {
        let mut faults = Faults::default();
        let year = faults.maybe("year", self.year.map(input::year));
        let vintage = faults.maybe("vintage", self.vintage.map(input::year));
        let sector = faults.maybe("sector", self.sector.as_deref().map(|code| named.sector(code)));
        let is_named = self.sector.is_some() || self.label.is_some();
        faults.rule(is_named, "sector", message::one_of_sector_or_label());
        let said = self.said(&mut faults, sector.flatten().map(|(_, kind)| kind));
        let basis = faults.at("basis", self.basis.clone().unwrap_or_default().parse());
        let words = self.words(&mut faults);
        let sources = self.sources.as_deref().unwrap_or_default();
        let sources = faults.at("sources", named.cited(sources));
        let read =
            faults.maybe("revision", self.revision.as_ref().map(|it| Revision::parse(&it.0)));
        let (Some(year), Some(vintage), Some(sector), Some(read)) = (year, vintage, sector, read)
        else {
            return faults.refuse();
        };
        let (Some(basis), Some([source_id, source2_id])) = (basis, sources) else {
            return faults.refuse();
        };
        if let Some(error) = faults.into_error() {
            return Err(error);
        }
        let Said { value, share, status, reason } = said;
        let Words { label, reported_scope, derivation, note } = words;
        let confidence = match (&derivation, source_id) {
            (Some(_), _) => Some(Confidence::C),
            (None, Some(_)) => Some(Confidence::B),
            (None, None) => None,
        };
        let row = emission::Model {
            id: EmissionId::new().0,
            external_id: None,
            region_id: region.0,
            year,
            sector_id: sector.map(|(id, _)| id),
            label,
            gas: self.gas.unwrap_or(Gas::Co2eq).into(),
            reported_gas: None,
            value,
            share,
            status: status.into(),
            reason,
            boundary: basis.boundary.into(),
            netting: basis.netting.into(),
            flow: basis.flow.into(),
            accounting: basis.accounting.into(),
            guideline: basis.guideline,
            gwp_set: basis.gwp_set,
            reported_scope,
            vintage,
            approximate: self.approximate.unwrap_or_default(),
            approval: code::Approval::None,
            source_id,
            source2_id,
            confidence,
            derivation,
            note,
            revision: 0,
        };
        Ok(Checked { row, read })
    }

    /// The numbers, or a notation key: never both, never neither.
    fn said(&self, faults: &mut Faults, kind: Option<SectorKind>) -> Said {
        let value = faults.maybe("amount", self.amount.as_ref().map(MassInput::parse)).flatten();
        let share = faults.maybe("share", self.share.as_ref().map(RateInput::parse)).flatten();
        let removes = !matches!(kind, Some(SectorKind::Reduction | SectorKind::Foundation));
        let fits = removes || value.is_none_or(|mass| mass.0 >= 0);
        faults.rule(fits, "amount", message::negative());
        let derived = self.derivation.is_some();
        let worked_out = if derived { FigureStatus::Estimated } else { FigureStatus::Reported };
        let status = self.status.unwrap_or(worked_out);
        // What is invented comes with a pack that says so.
        faults.rule(status != FigureStatus::Illustrative, "status", message::not_by_hand());
        let has_number = self.amount.is_some() || self.share.is_some();
        if status.is_notation() {
            faults.rule(!has_number, "status", message::number_with_notation());
            faults.rule(self.reason.is_some(), "reason", message::required());
        } else {
            faults.rule(has_number, "amount", message::number_or_notation());
        }
        let reason = self.reason.as_deref().map(|text| input::text(text, input::TEXT));
        let reason = faults.maybe("reason", reason).flatten();
        Said { value: value.map(|mass| mass.0), share: share.map(|rate| rate.0), status, reason }
    }

    fn words(&self, faults: &mut Faults) -> Words {
        let mut text = |field: &str, text: &Option<String>, max| {
            let text = text.as_deref().map(|text| input::text(text, max));
            faults.maybe(field, text).flatten()
        };
        Words {
            label: text("label", &self.label, input::LABEL),
            reported_scope: text("reportedScope", &self.reported_scope, input::TITLE),
            derivation: text("derivation", &self.derivation, input::TEXT),
            note: text("note", &self.note, input::TEXT),
        }
    }
}
