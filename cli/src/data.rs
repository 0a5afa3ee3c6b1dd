//! The table of a command: in a folder, or temporary.

use crate::error::CliError;
use std::path::Path;
use store::Table;

const TABLE: &str = "dd0c-cost-main";
const FILE: &str = "dd0c-cost.sqlite";

/// Opens the table in a folder, which is made if need be; without one a table that is gone at the
/// end.
pub(crate) async fn open(folder: Option<&Path>) -> Result<Table, CliError> {
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder)
            .map_err(|error| CliError::file(folder, "cannot make the data folder", &error))?;
    }
    open_existing(folder).await
}

/// Opens the table in a folder that a replay has kept.
pub(crate) async fn open_kept(folder: &Path) -> Result<Table, CliError> {
    if !folder.join(FILE).is_file() {
        return Err(CliError::Failed(format!(
            "{}: no data of dd0c-cost here; make some with: dd0c-cost replay PATH --data {}",
            folder.display(),
            folder.display()
        )));
    }
    open_existing(Some(folder)).await
}

async fn open_existing(folder: Option<&Path>) -> Result<Table, CliError> {
    let file = folder.map(|folder| folder.join(FILE));
    let client = store::embedded::client(file.as_deref()).map_err(|why| {
        let place =
            folder.map_or_else(|| "a temporary file".to_owned(), |f| f.display().to_string());
        CliError::Failed(format!("cannot open the data in {place}: {why}"))
    })?;
    let table = Table::new(client, TABLE);
    table.create().await?;
    Ok(table)
}

/// Runs a command's work to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::Failed(format!("cannot start: {error}")))?;
    runtime.block_on(work)
}
