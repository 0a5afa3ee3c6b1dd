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

    /// Opens it.
    pub(crate) fn open(self) -> io::Result<Box<dyn Read>> {
        match self {
            Self::File { path, .. } => File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
            Self::Stdin => Ok(Box::new(io::stdin())),
            Self::Bytes(_, bytes) => Ok(Box::new(Cursor::new(bytes))),
        }
    }
}

/// Finds all files below the paths that are named, oldest first. S3 trails have the time in their
/// names; others keep the order of their paths, after those with a time.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Input>, CliError> {
    let mut files: Vec<(Option<Timestamp>, PathBuf, u64)> = Vec::new();
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::Stdin);
            continue;
        }
        let found = files.len();
        walk(path, true, &mut files)?;
        if files.len() == found {
            return Err(CliError::Failed(format!(
                "{}: no .json, .json.gz, .jsonl or .ndjson files below this folder",
                path.display()
            )));
        }
    }
    if inputs.len() > 1 {
        return Err(CliError::Usage("- can be named only once".to_owned()));
    }
    files.sort_by(|left, right| (left.0.is_none(), left).cmp(&(right.0.is_none(), right)));
    files.dedup();
    inputs.extend(files.into_iter().map(|(_, path, size)| Input::File { path, size }));
    Ok(inputs)
}

fn walk(
    path: &Path,
    named: bool,
    files: &mut Vec<(Option<Timestamp>, PathBuf, u64)>,
) -> Result<(), CliError> {
    let about = fs::metadata(path).map_err(|error| {
        CliError::Failed(format!(
            "{}: {error}; name a file or folder of CloudTrail, or - for standard input",
            path.display()
        ))
    })?;
    if about.is_dir() {
        let cannot = |error| CliError::file(path, "cannot list the folder", &error);
        for entry in fs::read_dir(path).map_err(cannot)? {
            walk(&entry.map_err(cannot)?.path(), false, files)?;
        }
        return Ok(());
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if named || looks_like_json(name) {
        files.push((time_in(name), path.to_owned(), about.len()));
    }
    Ok(())
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
