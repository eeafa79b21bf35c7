//! Timers, microtasks, background work: in which order, and until when.

use test_programs::program;

#[test]
fn synchronous_code_then_microtasks_then_timers() {
    program(
        "setTimeout(() => console.log('timer'), 0);
         Promise.resolve().then(() => console.log('promise 1'));
         queueMicrotask(() => { console.log('microtask'); queueMicrotask(() => console.log('nested')); });
         Promise.resolve().then(() => console.log('promise 2'));
         console.log('module');",
    )
    .prints("module\npromise 1\nmicrotask\npromise 2\nnested\ntimer\n");
}

#[test]
fn microtasks_run_between_two_timers() {
    program(
        "setTimeout(() => { console.log(1); Promise.resolve().then(() => console.log('between')); }, 0);
         setTimeout(() => console.log(2), 0);",
    )
    .prints("1\nbetween\n2\n");
}

#[test]
fn timers_run_by_deadline_then_age() {
    program(
        "setTimeout(console.log, 30, 'c'); setTimeout(console.log, 5, 'b'); setTimeout(console.log, 0, 'a', 1);
         setTimeout(console.log); setTimeout(console.log, NaN, 'NaN'); setTimeout(console.log, -1, 'negative');
         setTimeout(console.log, 2 ** 31, 'too long'); setTimeout(console.log, '3', 'text');",
    )
    .prints("a 1\n\nNaN\nnegative\ntoo long\ntext\nb\nc\n");
}

#[test]
fn timers_can_be_cleared() {
    program(
        "const one = setTimeout(() => console.log('no'), 0); clearTimeout(one); clearTimeout(one);
         const other = setInterval(() => console.log('no'), 0); clearTimeout(other);
         const late = setTimeout(() => console.log('no'), 1); setTimeout(() => clearTimeout(late), 0); clearTimeout(late);
         for (const id of [undefined, null, -1, 1e99, {}, 'x']) clearInterval(id);
         console.log(typeof one);",
    )
    .prints("number\n");
}

#[test]
fn an_interval_repeats_until_it_clears_itself() {
    program("let n = 0; const id = setInterval((word) => { console.log(word, ++n); if (n === 3) clearInterval(id); }, 1, 'tick');")
        .prints("tick 1\ntick 2\ntick 3\n");
}

#[test]
fn a_timer_wants_a_function() {
    program(
        "for (const wrong of [undefined, 'code', {}, null])
             for (const schedule of [setTimeout, setInterval, queueMicrotask])
                 try { schedule(wrong); console.log('took it'); } catch (error) { if (!(error instanceof TypeError)) throw error; }
         try { setTimeout(); } catch (error) { console.log(error.name + ': ' + error.message); }
         try { queueMicrotask(); } catch (error) { console.log(error.name + ': ' + error.message); }",
    )
    .prints(
        "TypeError: a timer's first argument is not a function\nTypeError: queueMicrotask: the argument is not a function\n",
    );
}

#[test]
fn a_timer_keeps_the_program_running_after_the_load() {
    program("import './a.mjs'; console.log('loaded');")
        .file(
            "a.mjs",
            "setTimeout(async () => { await 0; console.log(await import('./b.mjs')); }, 1);",
        )
        .file(
            "b.mjs",
            "export default await new Promise((done) => setTimeout(done, 1, 'b'));",
        )
        .prints("loaded\n[Module: null prototype] { default: 'b' }\n");
}

#[test]
fn performance_now_never_goes_back() {
    program(
        "let last = performance.now(); let fine = last >= 0;
         for (let i = 0; i < 1000; ++i) { const now = performance.now(); fine &&= now >= last; last = now; }
         await new Promise((done) => setTimeout(done, 2));
         console.log(fine, performance.now() - last >= 2);",
    )
    .prints("true true\n");
}

#[test]
fn atomics_wait_async_is_waited_for() {
    program(
        "const cell = new Int32Array(new SharedArrayBuffer(4));
         const late = Atomics.waitAsync(cell, 0, 0, 5);
         const woken = Atomics.waitAsync(cell, 0, 0, 10000);
         setTimeout(() => {}, 1);
         console.log(late.async, await late.value);
         Atomics.notify(cell, 0); console.log(await woken.value);",
    )
    .environment("JSC_useSharedArrayBuffer", "1")
    .prints("true timed-out\nok\n");
}

#[test]
fn a_top_level_await_that_nothing_can_settle() {
    const MESSAGE: &str = "error: main.mjs never finished: nothing is left to run, but a top-level await still waits\n";
    program("console.log('before'); await new Promise(() => {}); console.log('after');")
        .ends(1, "before\n", MESSAGE);
    program("import './a.mjs'; console.log('main');")
        .file(
            "a.mjs",
            "setTimeout(() => console.log('timer'), 1); await new Promise(() => {});",
        )
        .ends(1, "timer\n", MESSAGE);
}
