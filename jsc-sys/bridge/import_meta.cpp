#include "import_meta.h"

#include "host.h"
#include "observe.h"
#include "text.h"

using namespace JSC;

namespace Bridge {

static JSFunction* createResolve(JSGlobalObject* globalObject, const String& key)
{
    VM& vm = globalObject->vm();
    return JSNativeStdFunction::create(vm, globalObject, 1, "resolve"_s, [key](JSGlobalObject* globalObject, CallFrame* callFrame) -> EncodedJSValue {
        VM& vm = globalObject->vm();
        auto scope = DECLARE_THROW_SCOPE(vm);
        auto specifier = callFrame->argument(0).toWTFString(globalObject);
        RETURN_IF_EXCEPTION(scope, { });
        auto located = locateSpecifier(globalObject, specifier, key);
        RETURN_IF_EXCEPTION(scope, { });
        return JSValue::encode(jsString(vm, located));
    });
}

JSObject* createImportMeta(JSGlobalObject* globalObject, JSValue keyValue, JSModuleRecord* record)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto key = keyValue.toWTFString(globalObject);
    RETURN_IF_EXCEPTION(scope, nullptr);

    auto& realm = jsb_realm::of(vm);
    auto& host = realm.host;
    jsb_reply filename { };
    jsb_reply dirname { };
    host.file_name(host.context, view(key), &filename, &dirname);

    auto* meta = constructEmptyObject(vm, globalObject->nullPrototypeObjectStructure());
    auto put = [&](ASCIILiteral name, JSValue value) { meta->putDirect(vm, Identifier::fromString(vm, name), value); };
    // A path that is not UTF-8 has no string form; only its URL tells it.
    auto putPath = [&](ASCIILiteral name, const jsb_reply& reply) {
        if (reply.status == JSB_REPLY_OK)
            put(name, jsString(vm, fromUTF8(reply.data)));
    };
    putPath("dirname"_s, dirname);
    putPath("filename"_s, filename);
    put("resolve"_s, createResolve(globalObject, key));
    put("url"_s, jsString(vm, key));
    if (realm.observer)
        realm.observer->metas.set(record, Strong<JSObject>(vm, meta));
    return meta;
}

} // namespace Bridge
