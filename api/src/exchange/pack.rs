use std::collections::BTreeMap;
use std::path::Path;

use rust_embed::Embed;

use crate::error::{Error, Result};

/// The data pack that the product ships.
#[derive(Embed)]
#[folder = "../data/jeonbuk"]
struct Jeonbuk;

/// Invented figures, marked as such, for screens that would have nothing to show.
#[derive(Embed)]
#[folder = "../data/illustrative"]
struct Illustrative;

/// A data pack: CSV files by name.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What the names of its things begin with, as `jeonbuk:`.
    pub name: String,
    /// Its files.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Pack {
    /// The real figures of Jeonbuk, from within the program.
    pub fn jeonbuk() -> Self {
        Self::embedded::<Jeonbuk>("jeonbuk")
    }

    /// Invented inventories of the cities and counties of Jeonbuk, from within the program.
    pub fn illustrative() -> Self {
        Self::embedded::<Illustrative>("illustrative")
    }

    fn embedded<E: Embed>(name: &str) -> Self {
        let files = E::iter()
            .filter(|file| file.ends_with(".csv"))
            .filter_map(|file| Some((file.to_string(), E::get(&file)?.data.into_owned())));
        Self { name: name.to_owned(), files: files.collect() }
    }

    /// The CSV files of a folder; the pack is named after it.
    pub fn read(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize().map_err(Error::internal)?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(&folder).map_err(Error::internal)? {
            let path = entry.map_err(Error::internal)?.path();
            if path.extension().is_some_and(|extension| extension == "csv") {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                files.insert(file, std::fs::read(&path).map_err(Error::internal)?);
            }
        }
        Ok(Self { name, files })
    }

    /// The stable name of one of its things.
    pub fn external_id(&self, id: &str) -> String {
        format!("{}:{id}", self.name)
    }
}
