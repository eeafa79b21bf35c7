//! Rejections that nothing handles end a program; handled ones, early enough, do not.

use test_programs::program;

#[test]
fn unhandled() {
    program("Promise.reject(new Error('lost'));")
        .fails("Uncaught (in promise) Error: lost\n    at module code (file://DIR/main.mjs:1:25)");
    program("(async () => { await 0; throw 'text'; })();").fails("Uncaught (in promise) text");
    program("queueMicrotask(() => { throw 'from a microtask'; });")
        .fails("Uncaught (in promise) from a microtask");
    program("import('./missing.mjs'); console.log('on');").ends(
        1,
        "on\n",
        "Uncaught (in promise) Error: cannot find module './missing.mjs' imported from file://DIR/main.mjs: \
         file://DIR/missing.mjs does not exist [ERR_MODULE_NOT_FOUND]\n    at module code (file://DIR/main.mjs:1:7)\n",
    );
}

#[test]
fn the_first_of_several_is_reported() {
    program("Promise.reject('first'); Promise.reject('second');")
        .fails("Uncaught (in promise) first");
}

#[test]
fn handled_before_the_microtasks_end() {
    program("const lost = Promise.reject('x'); queueMicrotask(() => lost.catch((it) => console.log('caught', it)));")
        .prints("caught x\n");
    program("const lost = Promise.reject('x'); await 0; try { await lost; } catch (it) { console.log('caught', it); }")
        .prints("caught x\n");
}

#[test]
fn handled_too_late() {
    program("const lost = Promise.reject('x'); setTimeout(() => lost.catch(() => console.log('too late')), 1);")
        .fails("Uncaught (in promise) x");
}

#[test]
fn pending_timers_die_with_the_program() {
    program("setTimeout(() => console.log('never'), 1); Promise.reject('x');")
        .fails("Uncaught (in promise) x");
    program("setInterval(() => console.log('never'), 1); throw 'x';").fails("Uncaught x");
}
