//! What there is to read: files and folders, in the order of time.

use crate::error::CliError;
use jiff::Timestamp;
use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

/// One thing to read.
pub(crate) enum Input {
    /// A file.
    File {
        /// Where.
        path: PathBuf,
        /// Bytes on disk.
        size: u64,
    },
    /// Standard input.
    Stdin,
    /// Bytes in memory with a name.
    Bytes(String, Vec<u8>),
}

impl Input {
    /// Name for messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File { path, .. } => path.display().to_string(),
            Self::Stdin => "standard input".to_owned(),
            Self::Bytes(name, _) => name.clone(),
        }
    }

    /// Bytes to read, where known.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Self::File { size, .. } => Some(*size),
            Self::Stdin => None,
            Self::Bytes(_, bytes) => Some(bytes.len() as u64),
        }
    }

    /// Opens it. All but standard input can be opened again.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        match self {
            Self::File { path, .. } => File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
            Self::Stdin => Ok(Box::new(io::stdin())),
            Self::Bytes(_, bytes) => Ok(Box::new(Cursor::new(bytes))),
        }
    }
}

/// Finds all files below the paths that are named, oldest first. S3 trails have the time in their
/// names; others keep the order of their paths, after those with a time.
/// What below a named folder cannot be read comes back in words: it does not end the run.
pub(crate) fn find(paths: &[PathBuf]) -> Result<(Vec<Input>, Vec<String>), CliError> {
    let mut found = Found::default();
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::Stdin);
        } else {
            found.named(path)?;
        }
    }
    if inputs.len() > 1 {
        return Err(CliError::Usage("- can be named only once".to_owned()));
    }
    let mut files = found.files;
    files.sort_by(|left, right| (left.0.is_none(), left).cmp(&(right.0.is_none(), right)));
    files.dedup();
    inputs.extend(files.into_iter().map(|(_, path, size)| Input::File { path, size }));
    Ok((inputs, found.unreadable))
}

#[derive(Default)]
struct Found {
    files: Vec<(Option<Timestamp>, PathBuf, u64)>,
    unreadable: Vec<String>,
}

impl Found {
    /// What somebody names is read whatever it is called, and must be there.
    fn named(&mut self, path: &Path) -> Result<(), CliError> {
        let about = fs::metadata(path).map_err(|error| {
            CliError::Failed(format!(
                "{}: {error}; name a file or folder of CloudTrail, or - for standard input",
                path.display()
            ))
        })?;
        if !about.is_dir() {
            self.file(path, about.len());
            return Ok(());
        }
        let before = self.files.len();
        self.folder(path);
        if self.files.len() == before && self.unreadable.is_empty() {
            return Err(CliError::Failed(format!(
                "{}: no .json, .json.gz, .jsonl or .ndjson files below this folder",
                path.display()
            )));
        }
        Ok(())
    }

    /// Links to folders are not followed, so that none leads in a circle.
    fn folder(&mut self, path: &Path) {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(path, &error),
        };
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_ok_and(|kind| kind.is_dir()) => {
                    self.folder(&entry.path());
                }
                Ok(entry) if looks_like_json(&entry.file_name().to_string_lossy()) => {
                    self.entry(&entry.path());
                }
                Ok(_) => {}
                Err(error) => self.unreadable(path, &error),
            }
        }
    }

    fn entry(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(about) if about.is_file() => self.file(path, about.len()),
            Ok(_) => {}
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn file(&mut self, path: &Path, size: u64) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        self.files.push((time_in(name), path.to_owned(), size));
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.unreadable.push(format!("{}: cannot be read: {error}", path.display()));
    }
}

fn looks_like_json(name: &str) -> bool {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| ["json", "jsonl", "ndjson"].contains(&extension))
}

/// `…_CloudTrail_us-east-1_20230710T1145Z_….json.gz`
fn time_in(name: &str) -> Option<Timestamp> {
    let stamp = name.split('_').find(|part| {
        part.len() == 14 && part.ends_with('Z') && part.as_bytes().get(8) == Some(&b'T')
    })?;
    let (date, time) = (stamp.get(..8)?, stamp.get(9..13)?);
    format!("{date}T{time}00Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_stands_in_the_name_of_an_s3_file() {
        let name = "111122223333_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz";
        assert_eq!(time_in(name), Some("2023-07-10T11:45:00Z".parse().unwrap()));
        assert_eq!(time_in("events.json"), None);
        assert_eq!(time_in("a_20239910T1145Z_b.json"), None);
    }

    #[test]
    fn json_is_known_by_its_name() {
        for name in ["a.json", "a.json.gz", "a.jsonl", "b.ndjson.gz"] {
            assert!(looks_like_json(name), "{name}");
        }
        for name in ["README.md", "a.csv.gz", "json"] {
            assert!(!looks_like_json(name), "{name}");
        }
    }
}
