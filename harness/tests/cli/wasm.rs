//! WebAssembly: its asynchronous compiler is background work of the engine, and its modules are modules.

use test_programs::program;

/// `(module (func (export "answer") (result i32) i32.const 42))`
const ANSWER: &[u8] = &[
    0, b'a', b's', b'm', 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, 10, 1, 6, b'a',
    b'n', b's', b'w', b'e', b'r', 0, 0, 10, 6, 1, 4, 0, 0x41, 42, 0x0b,
];

fn bytes() -> String {
    format!("new Uint8Array({ANSWER:?})")
}

#[test]
fn compiling_is_awaited() {
    program(&format!(
        "const module = await WebAssembly.compile({bytes});
         console.log(module instanceof WebAssembly.Module);
         const {{ instance }} = await WebAssembly.instantiate({bytes});
         console.log(instance.exports.answer());
         WebAssembly.instantiate(module).then((it) => console.log('late', it.exports.answer()));",
        bytes = bytes()
    ))
    .prints("true\n42\nlate 42\n");
}

#[test]
fn bad_bytes_reject() {
    program(
        "await WebAssembly.compile(new Uint8Array(3)).catch((error) => console.log(error.name));",
    )
    .prints("CompileError\n");
}

#[test]
fn webassembly_modules() {
    for import in [
        "import { answer } from './answer.wasm'; console.log(answer());",
        "const { answer } = await import('./answer.wasm'); console.log(answer());",
    ] {
        program(import).file("answer.wasm", ANSWER).prints("42\n");
    }
}
