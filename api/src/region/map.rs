use serde::Serialize;
use utoipa::ToSchema;

use super::{Region, RegionKind, RegionLevel};
use crate::id::RegionId;
use crate::name::Name;

/// Regions for a map: a collection of features as GeoJSON (RFC 7946) has it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegionMap {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The regions.
    pub features: Vec<RegionFeature>,
}

/// A region on a map.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegionFeature {
    /// `Feature`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The region's id.
    pub id: RegionId,
    /// Where it lies.
    pub geometry: PointGeometry,
    /// What else is shown of it.
    pub properties: RegionProperties,
}

/// A point on a map.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PointGeometry {
    /// `Point`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Degrees east, then degrees north (WGS 84).
    pub coordinates: [f64; 2],
}

/// What a map shows of a region.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegionProperties {
    /// Its code today.
    pub code: String,
    /// Its name.
    pub name: Name,
    /// How high it stands.
    pub level: RegionLevel,
    /// What it is called.
    pub kind: RegionKind,
    /// The region it belongs to.
    pub parent_id: Option<RegionId>,
    /// The group of municipalities it is counted to.
    pub zone: Option<String>,
}

impl From<Vec<Region>> for RegionMap {
    /// Those of them that have a place.
    fn from(regions: Vec<Region>) -> Self {
        let features = regions.into_iter().filter_map(|region| {
            let coordinates = region.point.map(|point| [point.longitude, point.latitude])?;
            let Region { id, code, name, level, kind, parent_id, zone, .. } = region;
            let properties = RegionProperties { code, name, level, kind, parent_id, zone };
            let geometry = PointGeometry { kind: "Point", coordinates };
            Some(RegionFeature { kind: "Feature", id, geometry, properties })
        });
        Self { kind: "FeatureCollection", features: features.collect() }
    }
}
