#include "javascript_loader.h"

#include "prepared.h"

using namespace JSC;

namespace Bridge {

std::unique_ptr<Loader> takeOverLoader(jsb_realm& realm)
{
    return std::make_unique<JavaScriptLoader>(realm);
}

JavaScriptLoader::JavaScriptLoader(jsb_realm& realm)
    : m_realm(realm)
{
    replaceFunctions();
}

JavaScriptLoader::~JavaScriptLoader() = default;

void JavaScriptLoader::load(const String& key)
{
    registerPrepared();
    m_promise.set(*m_realm.vm, loadAndEvaluateModule(m_realm.globalObject.get(), key, jsUndefined(), jsUndefined()));
}

} // namespace Bridge
