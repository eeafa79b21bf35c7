// JSC's private members that the bridge needs, reached without changing a header of JSC.
//
// The language ignores access in an explicit template instantiation (C++ standard, [temp.spec.general]): instantiating
// `Reveal` with a private member's pointer defines a friend function that hands the pointer out.

#pragma once

#include "compat.h"

namespace Bridge {

template<typename Tag, typename Tag::Type member>
struct Reveal {
    friend typename Tag::Type reveal(Tag) { return member; }
};

// The hooks that a JSGlobalObject has when nobody changes them.
struct BaseMethodTable {
    using Type = const JSC::GlobalObjectMethodTable* (*)();
    friend Type reveal(BaseMethodTable);
};
template struct Reveal<BaseMethodTable, &JSC::JSGlobalObject::baseGlobalObjectMethodTable>;

} // namespace Bridge
