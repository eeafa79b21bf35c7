//! Deliberately broken caches, by name: what `verify` must find out.

use crate::words;

words! {
    /// How entries are spoiled.
    pub enum Mutant {
        /// The first star export is forgotten
        DropStar = "drop-star",
        /// A star export of the first request is added
        AddStar = "add-star",
        /// The first two requests change places
        SwapRequests = "swap-requests",
        /// A request that is there for its side effects is forgotten
        DropRequest = "drop-request",
        /// Import attributes are forgotten
        DropAttributes = "drop-attributes",
        /// The first import of one name gets another local name
        RenameLocal = "rename-local",
        /// The first two imports from one module change places
        SwapImports = "swap-imports",
        /// The first import comes from another requested module
        RedirectImport = "redirect-import",
        /// The first import of one name becomes one of the namespace
        WidenImport = "widen-import",
        /// The first export is forgotten
        DropExport = "drop-export",
        /// The first export gets another name
        RenameExport = "rename-export",
        /// The first two exports of variables change places
        SwapExports = "swap-exports",
        /// The first re-export of one name comes from another requested module
        RedirectReexport = "redirect-reexport",
        /// The first re-export of one name takes another name there
        RenameReexport = "rename-reexport",
        /// The first re-export of a namespace takes another requested module's
        RedirectNamespace = "redirect-namespace",
        /// The first declared variable is a lexical one, so that it begins in a dead zone
        DeadVariable = "dead-variable",
        /// Lexical variables are declared ones, which have no dead zone
        DropDeadZone = "drop-dead-zone",
        /// That the module asks for import.meta is forgotten
        ForgetImportMeta = "forget-import-meta",
        /// That the module awaits is forgotten
        ForgetAwait = "forget-await",
        /// Each entry but the first is the one before it: another module's, record and bytecode
        StaleEntry = "stale-entry",
        /// Each bytecode but the first is that of the entry before it, under the right record
        StaleBytecode = "stale-bytecode",
        /// The sources of a pack are not checked, so that a stale one is used
        TrustPack = "trust-pack",
    }
}
