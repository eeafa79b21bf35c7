// Notes of JSC's parser that lead to wrong lines.
//
// The parser notes where each function ends that it has passed, so that the next parse of the same text can skip it: a module is
// parsed for its record and then for its code, a function with all that is nested in it when it is first called. The note of an
// arrow function with an expression for a body holds the line on which the expression's last token begins
// (Parser::parseFunctionInfo, `location = locationBeforeLastToken()`), and to skip it sets the lexer to that line behind the
// token. After a token of several lines, like a template, everything that is parsed later has too small a line. The garbage
// collector drops all notes with each full collection; from then on the lines are right.

#pragma once

#include "compat.h"

namespace Bridge {

// Takes the notes of arrow functions that end in such a token away in one source, so that they are parsed each time.
class ArrowNotes {
public:
    // After the text from `begin` to `end` was parsed.
    void forget(JSC::VM&, JSC::SourceProvider&, unsigned begin, unsigned end);

private:
    RefPtr<JSC::SourceProviderCache> m_notes; // as they were the last time: all that is in them has been looked at
    unsigned m_size { 0 };
    Vector<unsigned> m_arrows; // where such notes were, sorted
};

} // namespace Bridge
