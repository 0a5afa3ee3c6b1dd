//! The dashboard's files: what is given, what it carries, and that nothing else is.

use crate::program::{PROGRAM, Serve};
use serde_json::json;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

const HTML: &str = "text/html; charset=utf-8";
const NEVER_CHANGES: &str = "public, max-age=31536000, immutable";

/// A folder as the build leaves it, and beside it what is nobody's business.
fn built(folder: &Path) {
    let out = folder.join("out");
    fs::create_dir_all(out.join("dashboard/settings")).unwrap();
    fs::create_dir_all(out.join("_next/static/chunks")).unwrap();
    for (name, text) in [
        ("index.html", "<title>landing</title>"),
        ("404.html", "<title>not there</title>"),
        ("callback.html", "<title>callback</title>"),
        ("dashboard.html", "<title>overview</title>"),
        ("dashboard/anomaly.html", "<title>anomaly</title>"),
        ("dashboard/settings/keys.html", "<title>keys</title>"),
        ("dashboard.txt", "payload"),
        ("icon.svg", "<svg/>"),
        ("_next/static/chunks/a-0123.js", "export {}"),
        ("_next/static/a.woff2", "font"),
    ] {
        fs::write(out.join(name), text).unwrap();
    }
    fs::write(folder.join("keys.json"), "SECRET").unwrap();
    fs::write(folder.join("keys.html"), "SECRET").unwrap();
    fs::write(out.join(".hidden.html"), "SECRET").unwrap();
    symlink(folder.join("keys.json"), out.join("link.json")).unwrap();
    symlink(folder, out.join("up")).unwrap();
}

fn serve(folder: &Path) -> Serve {
    built(folder);
    let out = folder.join("out").to_str().unwrap().to_owned();
    Serve::start(&folder.join("data"), &["--dashboard", &out])
}

#[test]
fn each_address_has_its_file_and_each_file_its_headers() {
    let folder = tempfile::tempdir().unwrap();
    let serve = serve(folder.path());
    for (path, status, part, kind) in [
        ("/", 200, "landing", HTML),
        ("/callback?code=1&state=2", 200, "callback", HTML),
        ("/dashboard", 200, "overview", HTML),
        ("/dashboard/anomaly?id=01K", 200, "anomaly", HTML),
        ("/dashboard/settings/keys", 200, "keys", HTML),
        ("/dashboard.txt?_rsc=1", 200, "payload", "text/plain; charset=utf-8"),
        ("/icon.svg", 200, "<svg/>", "image/svg+xml"),
        ("/_next/static/chunks/a-0123.js", 200, "export", "text/javascript; charset=utf-8"),
        ("/_next/static/a.woff2", 200, "font", "font/woff2"),
        ("/config.json", 200, "clientId", "application/json"),
        ("/dashboard/nothing", 404, "not there", HTML),
        ("/_next/static/gone.js", 404, "not there", HTML),
        ("/v2", 404, "not there", HTML),
    ] {
        let answer = serve.send(&format!("GET {path}"), &[], "").unwrap();
        let found = (answer.status, answer.header("content-type"));
        assert_eq!(
            (found, answer.body.contains(part)),
            ((status, kind), true),
            "{path} {answer:?}"
        );
        let is_hashed = path.starts_with("/_next/static/") && status == 200;
        let cache = if is_hashed { NEVER_CHANGES } else { "no-cache" };
        assert_eq!(answer.header("cache-control"), cache, "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("connect-src 'self';"), "{path} {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
    }
    let config = serve.send("GET /config.json", &[], "").unwrap().json();
    let issuer = format!("http://{}/login", serve.address);
    let expected = json!({"apiUrl": "", "issuer": issuer, "clientId": "dashboard", "local": true});
    assert_eq!(config, expected);
    let head = serve.send("HEAD /dashboard", &[], "").unwrap();
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(serve.send("POST /dashboard", &[], "").unwrap().status, 405);
}

#[test]
fn a_slash_at_the_end_and_another_name_are_redirected_within_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let serve = serve(folder.path());
    let here = format!("http://{}", serve.address);
    for (path, host, status, to) in [
        ("/dashboard/?a=b", None, 308, "/dashboard?a=b".to_owned()),
        ("/dashboard/settings/keys/", None, 308, "/dashboard/settings/keys".to_owned()),
        ("//evil.example/", None, 404, String::new()),
        ("//evil.example", None, 404, String::new()),
        ("/dashboard?a=b", Some("localhost:1"), 307, format!("{here}/dashboard?a=b")),
        ("/", Some("localhost"), 307, format!("{here}/")),
        ("/icon.svg", Some("localhost"), 200, String::new()),
        ("/", Some("evil.example"), 403, String::new()),
    ] {
        let host = host.unwrap_or(&serve.address);
        let answer = serve.send(&format!("GET {path}"), &[("Host", host)], "").unwrap();
        assert_eq!((answer.status, answer.header("location")), (status, to.as_str()), "{path}");
    }
}

#[test]
fn nothing_outside_of_the_folder_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let serve = serve(folder.path());
    for path in [
        "/../keys.json",
        "/dashboard/../../keys.json",
        "/%2e%2e/keys.json",
        "/..%2fkeys.json",
        "/%2e%2e%2fkeys",
        "/dashboard%2f..%2f..%2fkeys.json",
        "/..%5ckeys.json",
        "/.hidden",
        "/.hidden.html",
        "/link.json",
        "/up/keys.json",
        "/up/keys",
        "/up/data/keys.json",
        "/%00",
        "/index.html%00.js",
        "/etc/passwd.txt",
        "//etc/passwd.txt",
    ] {
        let answer = serve.send(&format!("GET {path}"), &[], "").unwrap();
        assert_eq!((answer.status, answer.body.contains("SECRET")), (404, false), "{path}");
    }
}

#[test]
fn help_moves_aside_for_the_dashboard_and_says_how_to_build_it() {
    let folder = tempfile::tempdir().unwrap();
    let bare = Serve::start(&folder.path().join("bare"), &[]);
    let with = serve(folder.path());
    let help = with.ask("GET", "/help", "").unwrap().1;
    assert!(help.contains("npm --prefix dashboard run build"), "{help}");
    for path in ["/", "/help"] {
        assert_eq!(bare.ask("GET", path, "").unwrap(), (200, help.clone()), "{path}");
    }
    assert_eq!(bare.ask("GET", "/dashboard", "").unwrap().0, 404);
    let no_token = bare.send("GET /v1/accounts", &[], "").unwrap();
    assert_eq!((no_token.status, no_token.json()["code"].as_str()), (401, Some("unauthenticated")));
    let mut wrong = Command::new(PROGRAM);
    wrong.args(["serve", "--listen", "127.0.0.1:0", "--dashboard"]).arg(folder.path());
    let wrong = wrong.output().unwrap();
    let why = String::from_utf8(wrong.stderr).unwrap();
    assert!(why.contains("holds no built dashboard") && why.contains("npm"), "{why}");
    assert_eq!(wrong.status.code(), Some(2));
}
