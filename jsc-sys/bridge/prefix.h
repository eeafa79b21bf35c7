// Precompiled: JSC's heavy headers, in the order that JSC's own sources include them.

#pragma once

#include "supported.h"

#include "config.h"

#include "JSCInlines.h"

#include "APICast.h"
#include "CodeCache.h"
#include "Completion.h"
#include "DeferredWorkTimer.h"
#include "GlobalObjectMethodTable.h"
#include "InitializeThreading.h"
#include "JSGlobalObject.h"
#include "JSInternalPromise.h"
#include "JSMapIterator.h"
#include "JSModuleLoader.h"
#include "JSModuleRecord.h"
#include "JSNativeStdFunction.h"
#include "JSScriptFetchParameters.h"
#include "JSSetIterator.h"
#include "JSSourceCode.h"
#include "ModuleAnalyzer.h"
#include "Nodes.h"
#include "ObjectConstructor.h"
#include "Parser.h"
#include "ScriptFetchParameters.h"
#include "StrongInlines.h"
#include "VM.h"
#include <wtf/MainThread.h>
#include <wtf/MonotonicTime.h>
#include <wtf/RunLoop.h>
#include <wtf/text/MakeString.h>
