# SPDX-License-Identifier: GPL-3.0-only
# The one place for warnings, Qt defines and sanitizers (quiesce_rules), and short ways to add a
# layer library, a program and a test, so that every target gets the same rules.

add_library(quiesce_rules INTERFACE)
target_compile_features(quiesce_rules INTERFACE cxx_std_20)
target_include_directories(quiesce_rules INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
target_compile_definitions(
    quiesce_rules
    INTERFACE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_URL_CAST_FROM_STRING
              QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_KEYWORDS
)
target_compile_options(
    quiesce_rules
    INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
              -Wconversion -Wno-sign-conversion $<$<BOOL:${QUIESCE_WERROR}>:-Werror>
)
if(QUIESCE_SANITIZE)
    target_compile_options(
        quiesce_rules INTERFACE -fsanitize=${QUIESCE_SANITIZE} -fno-omit-frame-pointer
                                -fno-sanitize-recover=all
    )
    target_link_options(quiesce_rules INTERFACE -fsanitize=${QUIESCE_SANITIZE})
    target_compile_definitions(quiesce_rules INTERFACE QT_FORCE_ASSERTS)
endif()

# A test links in 2 s instead of 4, and there are some 150.
include(CheckLinkerFlag)
check_linker_flag(CXX -fuse-ld=gold QUIESCE_HAS_GOLD)
if(QUIESCE_HAS_GOLD AND QUIESCE_TESTS AND NOT QUIESCE_FUZZ)
    target_link_options(quiesce_rules INTERFACE -fuse-ld=gold)
endif()

if(QUIESCE_FUZZ)
    target_compile_options(quiesce_rules INTERFACE -fsanitize=fuzzer-no-link) # tells of coverage
endif()

# QUIESCE_PCH: one precompiled header of what most sources include, for all libraries and tests. Its
# macros are only those that each of them has, Qt Core's and our rules', or GCC does not take it; no
# path is in it, so that ccache finds it for another clone. Preset ci builds without it, and finds
# what a source forgets to include.
if(QUIESCE_PCH)
    add_library(quiesce_pch OBJECT "${CMAKE_CURRENT_LIST_DIR}/pch.cpp")
    target_link_libraries(quiesce_pch PRIVATE quiesce_rules Qt6::Core)
    set_target_properties(quiesce_pch PROPERTIES POSITION_INDEPENDENT_CODE ON AUTOMOC OFF)
    target_compile_options(quiesce_pch PRIVATE -fpch-preprocess)
    target_precompile_headers(
        quiesce_pch
        PRIVATE
        <QByteArray>
        <QCoreApplication>
        <QDateTime>
        <QFuture>
        <QHash>
        <QJsonArray>
        <QJsonDocument>
        <QJsonObject>
        <QList>
        <QLoggingCategory>
        <QMap>
        <QObject>
        <QPointer>
        <QString>
        <QStringList>
        <QTimer>
        <QVariant>
        <algorithm>
        <array>
        <chrono>
        <deque>
        <functional>
        <map>
        <memory>
        <optional>
        <utility>
        <variant>
        <vector>
    )
endif()

function(quiesce_precompiled name)
    if(QUIESCE_PCH)
        target_precompile_headers(${name} REUSE_FROM quiesce_pch)
        target_compile_options(${name} PRIVATE -fpch-preprocess) # or ccache gives up
    endif()
endfunction()

# quiesce_library(name SOURCES… LINK…): one layer.
function(quiesce_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC quiesce_rules ${arg_LINK})
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    quiesce_precompiled(${name})
endfunction()

# quiesce_program(name SOURCES… LINK…): a thin main over the layers.
function(quiesce_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE quiesce_rules ${arg_LINK})
endfunction()

# quiesce_test(tst_name LINK… [TIMEOUT seconds] [SERIAL] [ENVIRONMENT A=B…]): one Qt Test program from
# tst_name.cpp. SERIAL is for tests whose measure is time itself.
function(quiesce_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "TIMEOUT" "LINK;ENVIRONMENT")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_executable(${name} ${name}.cpp)
    target_link_libraries(${name} PRIVATE quiesce_rules Qt6::Test ${arg_LINK})
    quiesce_precompiled(${name})
    set_source_files_properties( # empty, so that reading the header would be all there is to it
        "${CMAKE_CURRENT_BINARY_DIR}/${name}_autogen/mocs_compilation.cpp"
        PROPERTIES SKIP_PRECOMPILE_HEADERS ON
    )
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(
        ${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} ENVIRONMENT
                           "QT_QPA_PLATFORM=offscreen;${arg_ENVIRONMENT}"
    )
    if(arg_SERIAL)
        set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
    endif()
endfunction()
