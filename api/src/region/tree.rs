use std::collections::HashSet;

use entity::code::RegionLevel;
use uuid::Uuid;

use super::visible;
use crate::access::Access;
use crate::error::Result;

/// How regions lie below each other.
#[derive(Clone, Debug)]
pub struct Tree(Vec<(Uuid, Option<Uuid>, RegionLevel)>);

/// How all regions lie below each other.
pub async fn tree(access: &Access) -> Result<Tree> {
    let rows = visible().all(&access.db().await?).await?;
    Ok(Tree(rows.into_iter().map(|row| (row.id, row.parent_id, row.level)).collect()))
}

/// Nation, province, municipality, district.
const LEVELS: usize = 4;

impl Tree {
    /// A region and everything below it.
    pub fn below(&self, region: Uuid) -> HashSet<Uuid> {
        let mut found = HashSet::from([region]);
        let mut known = 0;
        while known < found.len() {
            known = found.len();
            let next =
                self.0.iter().filter(|(_, above, _)| above.is_some_and(|up| found.contains(&up)));
            let next: Vec<Uuid> = next.map(|(id, ..)| *id).collect();
            found.extend(next);
        }
        found
    }

    /// The province that a region lies in, with everything below it; nothing above provinces.
    pub fn province_of(&self, region: Uuid) -> HashSet<Uuid> {
        let mut at = Some(region);
        // One step a level: regions that lie above themselves end here, too.
        for _ in 0..LEVELS {
            let Some((id, above, level)) = self.0.iter().find(|(id, ..)| Some(*id) == at) else {
                break;
            };
            if *level == RegionLevel::Province {
                return self.below(*id);
            }
            at = *above;
        }
        HashSet::new()
    }
}
