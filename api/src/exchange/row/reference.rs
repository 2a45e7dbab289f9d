use std::collections::{HashMap, HashSet};

use super::{Layout, Row, list};
use crate::error::{Code, Error};
use crate::exchange::{Known, Pack};
use crate::message;
use crate::name::Name;
use crate::organization::{LoadedOrganization, OrganizationKind};
use crate::region::{LoadedRegion, RegionKind, RegionLevel};
use crate::sector::{Jurisdiction, LoadedSector, SectorKind};
use crate::source::LoadedSource;

pub(in crate::exchange) const SOURCE: Layout =
    Layout { columns: &["source_id", "title"], key: &["source_id"] };
pub(in crate::exchange) const REGION: Layout =
    Layout { columns: &["region_code", "name_ko", "level"], key: &["region_code"] };
pub(in crate::exchange) const SECTOR: Layout =
    Layout { columns: &["sector_code", "name_ko", "kind", "jurisdiction"], key: &["sector_code"] };

pub(in crate::exchange) const ORGANIZATION: Layout =
    Layout { columns: &["org_id", "name_ko", "org_type"], key: &["org_id"] };

impl Row<'_> {
    pub fn source(&mut self, pack: &Pack) -> Option<LoadedSource> {
        Some(LoadedSource {
            external_id: pack.external_id(&self.required("source_id")?),
            title: self.title("title")?,
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
            name: Name { ko: self.title("name_ko")?, en: self.text("name_en") },
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

    /// A region that its pack puts above itself.
    pub fn below_itself(&mut self, circular: &HashSet<String>) {
        if self.text("region_code").is_some_and(|code| circular.contains(&code)) {
            self.fault("parent_code", &Error::new(Code::Invalid, message::above_itself()));
        }
    }

    pub fn sector(&mut self, pack: &Pack, known: &Known) -> Option<LoadedSector> {
        let aliases = self.text("aliases_ko").unwrap_or_default();
        Some(LoadedSector {
            code: self.required("sector_code")?,
            name: Name { ko: self.title("name_ko")?, en: self.text("name_en") },
            aliases: list(&aliases),
            kind: self.code("kind", &SECTOR_KINDS)?,
            jurisdiction: self.code("jurisdiction", &JURISDICTIONS)?,
            sort_order: self.int("sort_order").unwrap_or(i32::MAX),
            citation: self.citation(pack, known),
        })
    }
}

impl Row<'_> {
    /// An organization; `parents` says which belongs to which in the file.
    pub fn organization(
        &mut self,
        pack: &Pack,
        known: &Known,
        parents: &HashMap<String, String>,
    ) -> Option<LoadedOrganization> {
        let (id, parent) = (self.required("org_id")?, self.text("parent_org_id"));
        if let Some(parent) = &parent {
            let loaded = known.organizations.contains_key(&pack.external_id(parent));
            if !loaded && !parents.contains_key(parent) {
                self.fault("parent_org_id", &Error::not_found(parent));
            }
            let above = std::iter::successors(Some(parent), |at| parents.get(*at));
            if above.take(parents.len() + 1).any(|above| *above == id) {
                let error = Error::new(Code::Invalid, message::above_itself());
                self.fault("parent_org_id", &error);
            }
        }
        Some(LoadedOrganization {
            external_id: pack.external_id(&id),
            name: Name { ko: self.required("name_ko")?, en: self.text("name_en") },
            kind: self.code("org_type", &ORGANIZATION_KINDS)?,
            region: self.reference("region_code", &known.regions, str::to_owned),
            parent: parent.map(|parent| pack.external_id(&parent)),
            role: self.text("role_ko"),
            citation: self.citation(pack, known),
        })
    }
}

const ORGANIZATION_KINDS: [(&str, OrganizationKind); 13] = [
    ("ministry", OrganizationKind::Ministry),
    ("public_agency", OrganizationKind::Agency),
    ("province_government", OrganizationKind::ProvinceGovernment),
    ("municipality", OrganizationKind::Municipality),
    ("department", OrganizationKind::Department),
    ("committee", OrganizationKind::Committee),
    ("council", OrganizationKind::Council),
    ("support_center", OrganizationKind::SupportCentre),
    ("contractor", OrganizationKind::Contractor),
    ("research_institute", OrganizationKind::ResearchInstitute),
    ("ngo", OrganizationKind::Ngo),
    ("international_org", OrganizationKind::International),
    ("political", OrganizationKind::Political),
];
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
