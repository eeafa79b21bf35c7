// Engines whose module loader this bridge cannot drive are refused here, in one sentence, before anything else is compiled:
// jsc-provision shows what follows `#error`.

#pragma once

#if __has_include("CyclicModuleRecord.h") || !__has_include("JSInternalPromise.h")
#error "its module loader is written in C++ (WebKit 2.54 and later), and this bridge drives the one in JavaScript only; jsc-sys/PORTING.md says what another one needs"
#endif
