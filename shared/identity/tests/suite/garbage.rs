//! Whatever is sent: it is refused, and nothing breaks.

use super::{identity, login, second, verifier};
use identity::Refusal;
use proptest::prelude::*;
use std::sync::OnceLock;
use tokio::runtime::Runtime;

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME
        .get_or_init(|| tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap())
}

fn base64url() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_-]{0,80}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_is_refused(text in ".{0,300}") {
        let login = login_of_all();
        let verifier = verifier(login);
        let answer = runtime().block_on(verifier.verify(&text, second(0)));
        prop_assert!(matches!(answer, Err(Refusal::Invalid(_))), "{answer:?}");
    }

    #[test]
    fn any_three_parts_are_refused(one in base64url(), two in base64url(), three in base64url()) {
        let verifier = verifier(login_of_all());
        let token = format!("{one}.{two}.{three}");
        let answer = runtime().block_on(verifier.verify(&token, second(0)));
        prop_assert!(matches!(answer, Err(Refusal::Invalid(_))), "{answer:?}");
    }

    #[test]
    fn a_token_with_one_letter_changed_is_refused(at in 0_usize..800, letter in "[A-Za-z0-9_.-]") {
        let login = login_of_all();
        let token = login.access_token("ana", second(0));
        let at = at % token.len();
        prop_assume!(token[at..=at] != letter);
        // The last letter of a part may hold bits that say nothing: those have to be zero.
        let changed = format!("{}{letter}{}", &token[..at], &token[at + 1..]);
        let answer = runtime().block_on(verifier(login).verify(&changed, second(0)));
        prop_assert!(matches!(answer, Err(Refusal::Invalid(_))), "{answer:?}");
    }

    #[test]
    fn any_header_is_refused(header in ".{0,200}", prefix in "(Bearer |Bearer dd0c_|)") {
        let answer = runtime().block_on(async {
            let (_, identity) = identity(login_of_all()).await;
            identity.authenticate(Some(&format!("{prefix}{header}")), second(0)).await
        });
        prop_assert!(matches!(answer, Err(Refusal::Invalid(_) | Refusal::NoCredential)));
    }
}

/// One login for all cases: its key takes a moment to make.
fn login_of_all() -> &'static login_double::LoginState {
    static LOGIN: OnceLock<login_double::LoginState> = OnceLock::new();
    LOGIN.get_or_init(login)
}
