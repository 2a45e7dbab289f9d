use std::collections::HashSet;

use super::{Layout, Row, list};
use crate::error::Error;
use crate::exchange::{Known, Pack};
use crate::name::Name;
use crate::region::{LoadedRegion, RegionKind, RegionLevel};
use crate::sector::{Jurisdiction, LoadedSector, SectorKind};
use crate::source::LoadedSource;

pub(in crate::exchange) const SOURCE: Layout =
    Layout { columns: &["source_id", "title"], key: &["source_id"] };
pub(in crate::exchange) const REGION: Layout =
    Layout { columns: &["region_code", "name_ko", "level"], key: &["region_code"] };
pub(in crate::exchange) const SECTOR: Layout =
    Layout { columns: &["sector_code", "name_ko", "kind", "jurisdiction"], key: &["sector_code"] };

impl Row<'_> {
    pub fn source(&mut self, pack: &Pack) -> Option<LoadedSource> {
        Some(LoadedSource {
            external_id: pack.external_id(&self.required("source_id")?),
            title: self.required("title")?,
            publisher: self.text("publisher"),
            url: self.text("url"),
            published_on: self.date("published_on"),
            date_basis: self.text("date_basis"),
            kind: self.text("kind"),
            retrieved_on: self.date("retrieved_on"),
            note: self.text("note"),
        })
    }

    pub fn region(
        &mut self,
        pack: &Pack,
        known: &Known,
        codes: &HashSet<String>,
    ) -> Option<LoadedRegion> {
        let (level, kind) = self.code("level", &REGION_LEVELS)?;
        let parent = self.text("parent_code");
        if let Some(parent) = parent.as_ref().filter(|parent| !codes.contains(*parent)) {
            self.fault("parent_code", &Error::not_found(parent));
        }
        let degrees = |text: &str| crate::quantity::fixed(text, 6);
        let point = self.parsed("lat", degrees).zip(self.parsed("lon", degrees));
        Some(LoadedRegion {
            code: self.required("region_code")?,
            name: Name { ko: self.required("name_ko")?, en: self.text("name_en") },
            level,
            kind,
            parent,
            former_code: self.text("legacy_region_code"),
            legal_dong_code: self.text("legal_dong_code"),
            zone: self.text("zone"),
            point,
            valid_from: self.date("valid_from"),
            citation: self.citation(pack, known),
        })
    }

    pub fn sector(&mut self, pack: &Pack, known: &Known) -> Option<LoadedSector> {
        let aliases = self.text("aliases_ko").unwrap_or_default();
        Some(LoadedSector {
            code: self.required("sector_code")?,
            name: Name { ko: self.required("name_ko")?, en: self.text("name_en") },
            aliases: list(&aliases),
            kind: self.code("kind", &SECTOR_KINDS)?,
            jurisdiction: self.code("jurisdiction", &JURISDICTIONS)?,
            sort_order: self.int("sort_order").unwrap_or(i32::MAX),
            citation: self.citation(pack, known),
        })
    }
}

const REGION_LEVELS: [(&str, (RegionLevel, RegionKind)); 5] = [
    ("country", (RegionLevel::Nation, RegionKind::Nation)),
    ("province", (RegionLevel::Province, RegionKind::Province)),
    ("city", (RegionLevel::Municipality, RegionKind::Si)),
    ("county", (RegionLevel::Municipality, RegionKind::Gun)),
    ("district", (RegionLevel::District, RegionKind::Gu)),
];
const SECTOR_KINDS: [(&str, SectorKind); 4] = [
    ("reduction", SectorKind::Reduction),
    ("sink", SectorKind::Sink),
    ("foundation", SectorKind::Foundation),
    ("total", SectorKind::Total),
];
const JURISDICTIONS: [(&str, Jurisdiction); 3] = [
    ("local", Jurisdiction::Local),
    ("national", Jurisdiction::National),
    ("mixed", Jurisdiction::Mixed),
];
