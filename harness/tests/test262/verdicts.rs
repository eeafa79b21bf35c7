//! What each kind of test has to do to pass.

use super::checkout::{Checkout, Report, checkout};

const MODULE: &str = "flags: [module]";

/// The result of one test, which must be the same on every engine and on every path.
#[track_caller]
fn result(checkout: &Checkout, test: &str, mode: &str) -> String {
    let mut results: Vec<String> = checkout
        .reports(0, &[])
        .iter()
        .map(|report| report.result(test, mode))
        .collect();
    results.dedup();
    assert_eq!(results.len(), 1, "{results:?}");
    results.remove(0)
}

/// The result of a module test `a.js` beside these fixtures.
#[track_caller]
fn module(metadata: &str, code: &str, fixtures: &[(&str, &str)]) -> String {
    const TEST: &str = "language/import/a.js";
    let mut checkout = checkout().test(TEST, &format!("flags: [module]\n{metadata}"), code);
    for (name, source) in fixtures {
        checkout = checkout.file(&format!("test/language/import/{name}"), source);
    }
    result(&checkout, TEST, "module")
}

#[test]
fn which_tests_are_run_and_in_which_modes() {
    let checkout = checkout()
        .test("language/import/a.js", MODULE, "")
        .test("language/import/deep/b.js", MODULE, "")
        .test("language/expressions/dynamic-import/both.js", "", "")
        .test(
            "language/expressions/dynamic-import/sloppy.js",
            "flags: [noStrict]",
            "",
        )
        .test(
            "language/expressions/dynamic-import/strict.js",
            "flags: [onlyStrict]",
            "",
        )
        .test("language/module-code/raw.js", "flags: [raw]", "")
        .test("language/export/z.js", "flags: [raw, module]", "")
        .test("built-ins/Proxy/elsewhere.js", MODULE, "")
        .test("built-ins/Proxy/no-module.js", "features: [module]", "")
        .test("built-ins/Proxy/script.js", "", "")
        .file("test/language/import/a_FIXTURE.js", "throw 1;")
        .file("test/language/import/notes.txt", "");
    for report in checkout.reports(0, &[]) {
        assert_eq!(
            report.tests(),
            [
                "built-ins/Proxy/elsewhere.js module",
                "language/export/z.js module",
                "language/expressions/dynamic-import/both.js sloppy",
                "language/expressions/dynamic-import/both.js strict",
                "language/expressions/dynamic-import/sloppy.js sloppy",
                "language/expressions/dynamic-import/strict.js strict",
                "language/import/a.js module",
                "language/import/deep/b.js module",
                "language/module-code/raw.js sloppy",
            ]
        );
        assert_eq!(report.column("full", "pass"), 9);
    }
}

#[test]
fn the_mode_is_the_one_that_is_asked_for() {
    const TEST: &str = "language/expressions/dynamic-import/a.js";
    let sloppy = "assert.same((function () { return this; })(), globalThis);";
    let checkout = checkout().test(TEST, "", sloppy);
    assert_eq!(result(&checkout, TEST, "sloppy"), "pass");
    assert_eq!(
        result(&checkout, TEST, "strict"),
        "fail: it threw at runtime: Test262Error: undefined is not [object Object]"
    );
}

#[test]
fn raw_tests_have_no_harness() {
    let checkout = checkout()
        .test(
            "language/export/raw.js",
            "flags: [raw]",
            "if (typeof assert != 'undefined') throw 1;",
        )
        .test(
            "language/export/module.js",
            "flags: [raw, module]",
            "if (typeof assert != 'undefined') throw 1;",
        )
        .test(
            "language/export/other.js",
            MODULE,
            "if (typeof assert == 'undefined') throw 1;",
        );
    for report in checkout.reports(0, &[]) {
        assert_eq!(report.column("parse", "pass"), 3);
    }
}

#[test]
fn includes_are_evaluated_in_order() {
    let checkout = checkout()
        .file("harness/one.js", "var order = ['one'];")
        .file("harness/sub/two.js", "order.push('two');")
        .file("harness/broken.js", "order.push(")
        .file("harness/throws.js", "throw new Test262Error('harness');")
        .test("language/import/a.js", "flags: [module]\nincludes: [one.js, sub/two.js]", "assert.same(order.join(), 'one,two');")
        .test("language/import/b.js", "flags: [module]\nincludes: [one.js, broken.js]", "")
        .test("language/import/c.js", "flags: [module]\nincludes: [throws.js]\nnegative: { phase: runtime, type: Test262Error }", "");
    for report in checkout.reports(0, &[]) {
        let result = |test: &str| report.result(&format!("language/import/{test}.js"), "module");
        assert_eq!(result("a"), "pass");
        let b = result("b");
        assert!(
            b.starts_with("fail: file:///") && b.contains("/harness/broken.js threw SyntaxError: "),
            "{b}"
        );
        let c = result("c");
        assert!(
            c.ends_with("/harness/throws.js threw Test262Error: harness"),
            "{c}"
        );
    }
}

#[test]
fn negative_tests_need_the_error_and_the_stage() {
    const PARSE: &str = "negative: { phase: parse, type: SyntaxError }";
    const RESOLUTION: &str = "negative: { phase: resolution, type: SyntaxError }";
    const RUNTIME: &str = "negative: { phase: runtime, type: TypeError }";
    let dependency = [("b_FIXTURE.js", "0++;")];

    assert_eq!(module(PARSE, "$DONOTEVALUATE(); 0++;", &[]), "pass");
    assert_eq!(
        module(RESOLUTION, "import './b_FIXTURE.js';", &dependency),
        "pass"
    );
    assert_eq!(
        module(
            RESOLUTION,
            "import { x } from './b_FIXTURE.js';",
            &[("b_FIXTURE.js", "")]
        ),
        "pass"
    );
    assert_eq!(module(RUNTIME, "null.x;", &[]), "pass");
    assert_eq!(
        module(
            RUNTIME,
            "import './b_FIXTURE.js';",
            &[("b_FIXTURE.js", "null.x;")]
        ),
        "pass"
    );

    let wrong_stage = module(RESOLUTION, "0++;", &[]);
    assert!(
        wrong_stage.starts_with(
            "fail: expected SyntaxError at resolution, but it threw at parse: SyntaxError: "
        ),
        "{wrong_stage}"
    );
    assert_eq!(
        module(RUNTIME, "throw new RangeError('x');", &[]),
        "fail: expected TypeError at runtime, but it threw at runtime: RangeError: x"
    );
    assert_eq!(
        module(PARSE, "", &[]),
        "fail: expected SyntaxError at parse, but it ended well"
    );
}

#[test]
fn a_module_that_was_imported_while_running_fails_at_runtime() {
    let negative = "negative: { phase: runtime, type: SyntaxError }";
    let dependency = [("b_FIXTURE.js", "0++;")];
    assert_eq!(
        module(negative, "await import('./b_FIXTURE.js');", &dependency),
        "pass"
    );
    assert_eq!(
        module(
            "negative: { phase: resolution, type: Error }",
            "import './missing_FIXTURE.js';",
            &[]
        ),
        "pass"
    );
}

#[test]
fn script_errors_have_their_stages() {
    let checkout = checkout()
        .test(
            "language/import/parse.js",
            "negative: { phase: parse, type: SyntaxError }",
            "0++;",
        )
        .test(
            "language/import/runtime.js",
            "negative: { phase: runtime, type: SyntaxError }",
            "eval('0++');",
        )
        .test(
            "language/import/mixed.js",
            "negative: { phase: parse, type: SyntaxError }",
            "eval('0++');",
        );
    for report in checkout.reports(0, &[]) {
        for mode in ["sloppy", "strict"] {
            let result = |test: &str| report.result(&format!("language/import/{test}.js"), mode);
            assert_eq!(result("parse"), "pass");
            assert_eq!(result("runtime"), "pass");
            let mixed = result("mixed");
            assert!(
                mixed.contains("but it threw at runtime: SyntaxError"),
                "{mixed}"
            );
        }
    }
}

#[test]
fn async_tests_pass_by_their_word() {
    let run = |code: &str| {
        let checkout = checkout().test("language/import/a.js", "flags: [module, async]", code);
        result(&checkout, "language/import/a.js", "module")
    };
    assert_eq!(run("Promise.resolve().then(() => $DONE());"), "pass");
    assert_eq!(run("setTimeout($DONE, 1);"), "pass");
    assert_eq!(run("$DONE('no');"), "fail: no");
    assert_eq!(run(""), "fail: it ended without calling $DONE");
    assert_eq!(
        run("Promise.reject(new TypeError('lost'));"),
        "fail: it ended without calling $DONE; an unhandled rejection: TypeError: lost"
    );
    // Unhandled rejections alone fail no test.
    assert_eq!(run("Promise.reject(1); $DONE();"), "pass");
    assert_eq!(
        run("$DONE(); throw new TypeError('late');"),
        "fail: it threw at runtime: TypeError: late"
    );
    assert_eq!(
        run("setTimeout(() => { throw 1; }, 1); $DONE();"),
        "fail: a timer of it threw 1"
    );
}

#[test]
fn a_module_that_waits_for_ever_fails() {
    assert_eq!(
        module("", "await new Promise(() => {});", &[]),
        "fail: it never ended: a top-level await still waits"
    );
}

#[test]
fn scripts_import_relative_to_their_file() {
    let code = "import('./b_FIXTURE.js').then(it => assert.same(it.b, 1)).then($DONE, $DONE);";
    let checkout = checkout()
        .test("language/expressions/dynamic-import/deep/a.js", "flags: [async]", code)
        .test(
            "language/expressions/dynamic-import/deep/eval.js",
            "flags: [async]",
            "(0, eval)(`import('./b_FIXTURE.js').then(it => assert.same(it.b, 1)).then($DONE, $DONE);`);",
        )
        .file("test/language/expressions/dynamic-import/deep/b_FIXTURE.js", "export const b = 1;");
    for report in checkout.reports(0, &[]) {
        assert_eq!(report.column("parse", "pass"), 4);
        assert_eq!(report.column("full", "hits"), 4);
    }
}

#[test]
fn what_the_engine_lacks_is_not_its_failure() {
    let checkout = checkout()
        .test(
            "language/import/a.js",
            "flags: [module]\nfeatures: [import-defer, import-bytes, top-level-await]",
            "import defer * as a from './a.js';",
        )
        .test(
            "language/import/b.js",
            "flags: [module]\nfeatures: [import-bytes]",
            "",
        )
        .test(
            "language/import/c.js",
            "flags: [module]\nfeatures: [no-such-feature]",
            "throw 1;",
        );
    for report in checkout.reports(0, &[]) {
        assert_eq!(
            report.result("language/import/a.js", "module"),
            "unsupported: the engine lacks import-defer, import-bytes"
        );
        assert_eq!(
            report.result("language/import/b.js", "module"),
            "unsupported: the engine lacks import-bytes"
        );
        assert_eq!(
            report.result("language/import/c.js", "module"),
            "fail: it threw at runtime: 1"
        );
        let missing = &report.0["missing_features"];
        assert_eq!(missing[0]["name"], "import-bytes");
        assert_eq!(missing[0]["tests"], 2);
        assert_eq!(missing[1]["name"], "import-defer");
        assert_eq!(report.column("full", "unsupported"), 2);
    }
}

#[test]
fn features_that_the_engine_has_are_found() {
    let features = "features: [arbitrary-module-namespace-names, class-fields-private, class-static-fields-private, \
                    dynamic-import, export-star-as-namespace-from-module, hashbang, import-attributes, import.meta, \
                    promise-with-resolvers]";
    let checkout = checkout().test(
        "language/import/a.js",
        &format!("flags: [module]\n{features}"),
        "",
    );
    for Report(report) in checkout.reports(0, &[]) {
        assert_eq!(report["missing_features"], serde_json::json!([]));
    }
}
