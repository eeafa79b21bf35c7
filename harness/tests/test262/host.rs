//! `print` and `$262`.

use super::checkout::checkout;

#[track_caller]
fn passes(code: &str) {
    let checkout = checkout()
        .test("language/import/module.js", "flags: [module]", code)
        .test("language/import/script.js", "", code);
    for report in checkout.reports(0, &[]) {
        for (test, mode) in [
            ("module", "module"),
            ("script", "sloppy"),
            ("script", "strict"),
        ] {
            assert_eq!(
                report.result(&format!("language/import/{test}.js"), mode),
                "pass",
                "{mode}"
            );
        }
    }
}

#[test]
fn properties_of_the_global_object() {
    passes(
        "for (const name of ['print', '$262']) {
            const property = Object.getOwnPropertyDescriptor(globalThis, name);
            assert(property.writable && property.configurable && !property.enumerable, name);
        }
        assert.same($262.global, globalThis);",
    );
}

#[test]
fn print_takes_one_value_as_a_string() {
    passes("assert.same(print('\\0\\u{1F600}', 2), undefined); print();");
    passes(
        "let threw; try { print(Symbol()); } catch (error) { threw = error; } assert(threw instanceof TypeError, 'threw');",
    );
}

#[test]
fn eval_script_runs_global_code() {
    passes(
        "$262.evalScript('var a = 1; let b = 2; function c() { return b; }');
        assert.same(globalThis.a, 1);
        assert.same(globalThis.b, undefined);
        assert.same(c(), 2);
        assert.same($262.evalScript('40 + 2'), 42);
        for (const [source, type] of [['0++', SyntaxError], ['let b;', SyntaxError], ['null.x', TypeError]]) {
            let threw; try { $262.evalScript(source); } catch (error) { threw = error; }
            assert(threw instanceof type, source);
        }",
    );
}

#[test]
fn another_realm() {
    passes(
        "const other = $262.createRealm();
        assert(other !== $262 && other.global !== globalThis, 'other');
        assert.same(other.evalScript('var own = 7; Array') === Array, false);
        assert.same(other.global.own, 7);
        assert.same(typeof own, 'undefined');
        assert.same(other.evalScript('$262'), other);
        other.evalScript('print(1)');
        assert(other.createRealm().global !== other.global, 'a third');
        let threw; try { other.evalScript('null.x'); } catch (error) { threw = error; }
        assert(!(threw instanceof TypeError), 'of the other realm');
        assert(threw instanceof other.global.TypeError, 'its TypeError');",
    );
}

#[test]
fn detaching_and_collecting() {
    passes(
        "const buffer = new ArrayBuffer(8);
        const view = new Uint8Array(buffer);
        $262.detachArrayBuffer(buffer);
        assert(buffer.detached, 'detached');
        assert.same(view.length, 0);
        let threw; try { $262.detachArrayBuffer({}); } catch (error) { threw = error; }
        assert(threw instanceof TypeError, 'no buffer');
        const kept = { a: [1] };
        $262.gc();
        assert.same(kept.a[0], 1);",
    );
}

#[test]
fn garbage_is_collected() {
    let code = "
        const references = [];
        (function () { for (let i = 0; i < 1000; i++) references.push(new WeakRef({ i })); })();
        setTimeout(() => {
            $262.gc();
            const gone = references.filter(it => it.deref() === undefined).length;
            $DONE(gone > 900 ? undefined : `only ${gone} are gone`);
        }, 1);";
    let checkout = checkout().test("language/import/a.js", "flags: [module, async]", code);
    for report in checkout.reports(0, &[]) {
        assert_eq!(report.result("language/import/a.js", "module"), "pass");
    }
}

#[test]
fn what_a_test_writes_to_the_console_disturbs_nothing() {
    passes("console.log('{\"Ok\": 1}'); console.error('x'); console.log('y'.repeat(100000));");
}
