//! Golden cases: a folder holds CloudTrail records (`events.json`), what was before them
//! (`state.json`, see [`State`]) and what comes out (`expected.txt`).

mod render;
mod state;

pub use render::outcome;
pub use state::State;
