//! A source tree that CMake and ninja build in seconds, with the folders and targets of WebKit.

use std::fs;
use std::path::Path;

const TOP: &str = "\
cmake_minimum_required(VERSION 3.20)
project(WebKit C CXX)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
file(WRITE ${CMAKE_BINARY_DIR}/cmakeconfig.h \"\")
foreach (folder JavaScriptCore/DerivedSources JavaScriptCore/Headers JavaScriptCore/PrivateHeaders WTF/Headers bmalloc/Headers)
    file(WRITE ${CMAKE_BINARY_DIR}/${folder}/Header.h \"\")
endforeach ()
add_library(WTF STATIC Source/WTF/W.cpp)
add_library(bmalloc STATIC Source/bmalloc/B.cpp)
add_subdirectory(Source/JavaScriptCore)
add_subdirectory(Source/ThirdParty/gtest)
";

const LIBRARY: &str = "\
if (ENABLE_STATIC_JSC)
    add_library(JavaScriptCore STATIC runtime/VM.cpp)
else ()
    add_library(JavaScriptCore SHARED runtime/VM.cpp)
endif ()
target_include_directories(JavaScriptCore PUBLIC ${CMAKE_BINARY_DIR}/JavaScriptCore/Headers ${CMAKE_CURRENT_SOURCE_DIR}/runtime)
target_compile_definitions(JavaScriptCore PUBLIC BUILDING_WITH_CMAKE=1)
target_link_libraries(JavaScriptCore PUBLIC WTF bmalloc)
if (EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/shell)
    add_subdirectory(shell)
endif ()
";

const SHELL: &str = "\
add_executable(jsc ../jsc.cpp)
target_link_libraries(jsc JavaScriptCore)
";

/// Writes the tree. Its shell prints 42 whatever it is asked.
pub(crate) fn write(tree: &Path) {
    for (name, text) in [
        ("CMakeLists.txt", TOP),
        ("Source/JavaScriptCore/CMakeLists.txt", LIBRARY),
        ("Source/JavaScriptCore/shell/CMakeLists.txt", SHELL),
        (
            "Source/JavaScriptCore/jsc.cpp",
            "#include <cstdio>\nint main() { std::puts(\"42\"); }\n",
        ),
        ("Source/JavaScriptCore/runtime/VM.cpp", "int vm = 1;\n"),
        ("Source/JavaScriptCore/runtime/VM.h", "extern int vm;\n"),
        ("Source/ThirdParty/gtest/CMakeLists.txt", ""),
        ("Source/WTF/W.cpp", "int wtf;\n"),
        ("Source/bmalloc/B.cpp", "int bmalloc;\n"),
        (
            "Source/cmake/OptionsGTK.cmake",
            "SET_PROJECT_VERSION(2 99 1)\n",
        ),
    ] {
        let path = tree.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}
