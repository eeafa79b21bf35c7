//! JSC's compiler threads, which ask for a module's text when they are to say what they compile.

use crate::support::Cache;
use test_programs::{engines, jsc_harness, program};

/// Functions of many modules get hot, and so compiled, while the loading thread asks for texts as well.
#[test]
fn compilers_may_say_what_they_compile() {
    const MODULES: usize = 40;
    let imports: String = (0..MODULES)
        .map(|it| format!("import {{ hot{it} }} from './{it}.mjs';\n"))
        .collect();
    let functions: Vec<String> = (0..MODULES).map(|it| format!("hot{it}")).collect();
    let mut subject = program(&format!(
        "{imports}let length = 0;\n\
         for (const hot of [{}]) {{ for (let i = 0; i < 2000; i++) hot(i); length += hot.toString().length; }}\n\
         console.log(length);\n",
        functions.join(", ")
    ));
    for it in 0..MODULES {
        let source = format!("export function hot{it}(n) {{ return n % 7 ? n : {it}; }}\n");
        subject = subject.file(&format!("{it}.mjs"), &source);
    }
    let length: usize = (0..MODULES)
        .map(|it| format!("function hot{it}(n) {{ return n % 7 ? n : {it}; }}").len())
        .sum();
    for engine in engines() {
        let cache = Cache::new();
        for _ in 0..3 {
            let output = jsc_harness()
                .env("JSC_reportBaselineCompileTimes", "1")
                .args(["run", "--engine", &engine.name, "--path=graph"])
                .arg(format!("--cache-dir={}", cache.path().display()))
                .arg(subject.path("main.mjs"))
                .output()
                .unwrap();
            let stdout = String::from_utf8_lossy(&output.stdout);
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {stderr}", engine.version);
            assert!(stdout.contains(&format!("{length}\n")), "{stdout}");
            assert!(!stderr.contains("panicked"), "{stderr}");
            let said = format!("{stdout}{stderr}");
            assert!(said.contains("Optimized hot"), "{said}");
        }
    }
}
