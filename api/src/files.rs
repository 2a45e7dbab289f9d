//! Files that are too large for the database: kept in a folder or in an object store, written and
//! read as streams, and never written over.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::web::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest, Sha256};

use crate::error::{Code, Error, Result};
use crate::{message, private};

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesConfig {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In an object store that speaks S3.
    S3(Box<S3Config>),
}

/// What it takes to reach an object store that speaks S3.
#[derive(Clone, PartialEq, Eq)]
pub struct S3Config {
    /// Its address.
    pub endpoint: String,
    /// The region it signs for.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// What the names of our files begin with; may be empty.
    pub prefix: String,
    /// Who we are.
    pub key_id: String,
    /// Our secret.
    pub secret: String,
}

impl std::fmt::Debug for S3Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3Config({} {}/{})", self.endpoint, self.bucket, self.prefix)
    }
}

/// Where files are.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    most: u64,
}

/// What was found of a file while it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// A piece of a file.
pub type Piece = Bytes;

/// What goes out, piece by piece.
pub type Pieces = BoxStream<'static, Result<Piece>>;

/// S3 takes no smaller parts but the last.
const PART: usize = 5 * 1024 * 1024;
/// How many parts of one file may be under way at once.
const UNDER_WAY: usize = 2;
/// How many bytes tell what a file is.
const HEAD: usize = 512;

impl Files {
    /// Opens the place; files of at most so many bytes. It is not reached before it is needed.
    pub fn open(config: &FilesConfig, most: u64) -> Result<Self> {
        let store: Arc<dyn ObjectStore> = match config {
            FilesConfig::Folder(folder) => {
                private::folder(folder).map_err(Error::internal)?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(Error::internal)?;
                Arc::new(store.with_fsync(true))
            }
            FilesConfig::S3(config) => {
                let builder = AmazonS3Builder::new()
                    .with_endpoint(&config.endpoint)
                    .with_allow_http(config.endpoint.starts_with("http://"))
                    .with_region(&config.region)
                    .with_bucket_name(&config.bucket)
                    .with_access_key_id(&config.key_id)
                    .with_secret_access_key(&config.secret);
                let store = builder.build().map_err(Error::internal)?;
                Arc::new(PrefixStore::new(store, config.prefix.as_str()))
            }
        };
        Ok(Self { store, most })
    }

    /// The largest file there may be, in bytes.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// Writes a file, whole or not at all. `look` sees how it begins, and may refuse it.
    ///
    /// `TOO_LARGE` beyond what there may be, `INVALID` for a file of nothing.
    pub async fn write(
        &self,
        name: &str,
        pieces: impl Stream<Item = Result<Piece>>,
        look: impl FnOnce(&[u8]) -> Result<()>,
    ) -> Result<Written> {
        let mut pieces = std::pin::pin!(pieces);
        let mut head = Vec::new();
        while head.len() < HEAD {
            let Some(piece) = pieces.next().await else { break };
            head.extend_from_slice(&piece?);
        }
        if head.is_empty() {
            return Err(Error::new(Code::Invalid, message::empty_file()));
        }
        look(&head)?;
        let upload = self.store.put_multipart(&Path::from(name)).await.map_err(Error::internal)?;
        let parts = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut writing = Writing { parts, hash: Sha256::new(), size: 0, most: self.most };
        let mut next = Some(Ok(Piece::from(head)));
        while let Some(piece) = next {
            let taken = match piece {
                Ok(piece) => writing.take(&piece).await,
                Err(error) => Err(error),
            };
            if let Err(error) = taken {
                // What was sent of it is of no use to anybody.
                let _ = writing.parts.abort().await;
                return Err(error);
            }
            next = pieces.next().await;
        }
        writing.parts.finish().await.map_err(Error::internal)?;
        let sha256 = writing.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Written { size: writing.size, sha256 })
    }

    /// A file, piece by piece.
    pub async fn read(&self, name: &str) -> Result<Pieces> {
        let found = self.store.get(&Path::from(name)).await.map_err(Error::internal)?;
        Ok(found.into_stream().map(|piece| piece.map_err(Error::internal)).boxed())
    }

    /// Takes a file away again that nothing has come to name.
    pub async fn discard(&self, name: &str) -> Result<()> {
        self.store.delete(&Path::from(name)).await.map_err(Error::internal)
    }
}

/// A file under way.
struct Writing {
    parts: WriteMultipart,
    hash: Sha256,
    size: u64,
    most: u64,
}

impl Writing {
    async fn take(&mut self, piece: &Piece) -> Result<()> {
        self.size += piece.len() as u64;
        if self.size > self.most {
            return Err(Error::new(Code::TooLarge, message::file_too_large(self.most)));
        }
        self.parts.wait_for_capacity(UNDER_WAY).await.map_err(Error::internal)?;
        self.hash.update(piece);
        self.parts.put(piece.clone());
        Ok(())
    }
}
