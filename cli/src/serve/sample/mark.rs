//! A mark in a data folder: the sample there is not whole.

use crate::error::CliError;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const FILE: &str = "sample.unfinished";

/// Stands in the folder from the beginning of a sample to its end; without a folder nowhere.
#[derive(Debug)]
pub(crate) struct Mark(Option<PathBuf>);

impl Mark {
    pub(crate) fn of(folder: Option<&Path>) -> Self {
        Self(folder.map(|folder| folder.join(FILE)))
    }

    /// A half sample looks like a whole one on which much is missing.
    pub(crate) fn refuse_half(&self) -> Result<(), CliError> {
        let Some(file) = self.0.as_deref().filter(|file| file.exists()) else { return Ok(()) };
        let folder = file.parent().unwrap_or(file).display();
        Err(CliError::Failed(format!(
            "{folder}: the sample here was broken off and is not whole; remove the folder and begin anew \
             with: dd0c-cost serve --sample --data {folder}"
        )))
    }

    pub(super) fn put(&self) -> Result<(), CliError> {
        let Some(file) = &self.0 else { return Ok(()) };
        std::fs::write(file, "The sample in this folder is not whole yet.\n")
            .map_err(|error| CliError::file(file, "cannot mark the sample", &error))
    }

    pub(super) fn remove(&self) -> Result<(), CliError> {
        let Some(file) = &self.0 else { return Ok(()) };
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(CliError::file(file, "cannot take the mark of the sample away", &error))
            }
            _ => Ok(()),
        }
    }
}
