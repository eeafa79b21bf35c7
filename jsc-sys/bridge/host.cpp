#include "host.h"

#include "text.h"

using namespace JSC;

namespace Bridge {

JSObject* errorFromReply(JSGlobalObject* globalObject, const jsb_reply& reply)
{
    VM& vm = globalObject->vm();
    auto message = fromUTF8(reply.data);
    auto* error = reply.status == JSB_REPLY_TYPE_ERROR ? createTypeError(globalObject, message) : createError(globalObject, message);
    if (reply.code.length)
        error->putDirect(vm, Identifier::fromString(vm, "code"_s), jsString(vm, fromUTF8(reply.code)));
    return error;
}

// The text that the host answers one of its questions with; the view lives until the next question.
static std::span<const Latin1> ask(JSGlobalObject* globalObject, decltype(jsb_host::resolve) jsb_host::*question, const String& specifier, const String& referrer)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto& host = jsb_realm::of(vm).host;

    jsb_reply reply { };
    (host.*question)(host.context, view(specifier), view(referrer), &reply);
    if (reply.status != JSB_REPLY_OK) {
        throwException(globalObject, scope, errorFromReply(globalObject, reply));
        return { };
    }
    return latin1(reply.data);
}

Identifier resolveSpecifier(JSGlobalObject* globalObject, const String& specifier, const String& referrer)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto key = ask(globalObject, &jsb_host::resolve, specifier, referrer);
    RETURN_IF_EXCEPTION(scope, { });
    return Identifier::fromString(vm, key);
}

String locateSpecifier(JSGlobalObject* globalObject, const String& specifier, const String& referrer)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto url = ask(globalObject, &jsb_host::locate, specifier, referrer);
    RETURN_IF_EXCEPTION(scope, { });
    return String(url);
}

} // namespace Bridge
