//! Compiles the tables of `pricing-tables/` into one price book, which the library includes.

#[path = "src/amount.rs"]
mod amount;
#[path = "src/encode.rs"]
#[expect(dead_code, reason = "the section numbers are for the reader of the book")]
mod encode;
#[path = "src/tables.rs"]
#[expect(dead_code, unreachable_pub, reason = "writing tables is for the library")]
mod tables;

use std::error::Error;
use std::path::Path;

fn main() {
    if let Err(error) = compile_tables() {
        println!("cargo::error={error}");
    }
}

fn compile_tables() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pricing-tables");
    println!("cargo::rerun-if-changed={}", folder.display());
    for source in ["build.rs", "src/amount.rs", "src/encode.rs", "src/tables.rs"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let book = encode::encode(&tables::Tables::read(&folder)?)?;
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    std::fs::write(Path::new(&out).join("book.bin"), book)?;
    Ok(())
}
