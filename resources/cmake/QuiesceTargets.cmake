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
# The QTRY_… of Qt 6.8 narrow a duration to int in whoever uses them; those of 6.4 and 6.11 do not.
if(TARGET Qt6::Test AND Qt6Test_VERSION VERSION_GREATER_EQUAL 6.8 AND Qt6Test_VERSION VERSION_LESS 6.11)
    set_property(TARGET Qt6::Test APPEND PROPERTY INTERFACE_COMPILE_OPTIONS -Wno-conversion)
endif()
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

# QUIESCE_PCH: a precompiled header of what most sources include, for all libraries and tests, and one
# more for those with widgets: most of what the compiler would do otherwise is to read Qt. Their
# macros are only those that each user has, Qt's own and our rules', or GCC does not take them; no
# path is in them, so that ccache finds them for another clone. clang-tidy reads the sources without
# them, and finds what one forgets to include.
if(QUIESCE_PCH)
    set(quiesce_core_headers
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
    set(quiesce_widget_headers
        <QAction>
        <QApplication>
        <QBoxLayout>
        <QDialog>
        <QHeaderView>
        <QLabel>
        <QLineEdit>
        <QLocale>
        <QMainWindow>
        <QMenu>
        <QPainter>
        <QPushButton>
        <QStyledItemDelegate>
        <QTableView>
        <QToolButton>
        <QTreeWidget>
        <QWidget>
    )
    function(quiesce_precompile name)
        cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK;HEADERS")
        add_library(${name} OBJECT "${PROJECT_SOURCE_DIR}/resources/cmake/pch.cpp")
        target_link_libraries(${name} PRIVATE quiesce_rules ${arg_LINK})
        set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON AUTOMOC OFF)
        target_compile_options(${name} PRIVATE -fpch-preprocess)
        target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
    endfunction()
    quiesce_precompile(quiesce_pch LINK Qt6::Core HEADERS ${quiesce_core_headers})
    if(QUIESCE_CONSOLE)
        quiesce_precompile(
            quiesce_pch_widgets LINK Qt6::Widgets HEADERS ${quiesce_core_headers}
                                                          ${quiesce_widget_headers}
        )
    endif()
endif()

# quiesce_precompiled(name LINK…): by what it is linked with.
function(quiesce_precompiled name)
    if(NOT QUIESCE_PCH)
        return()
    endif()
    set(header quiesce_pch)
    if(QUIESCE_CONSOLE AND "${ARGN}" MATCHES "Qt6::Widgets|quiesce_console_(view|app)")
        set(header quiesce_pch_widgets)
    endif()
    target_precompile_headers(${name} REUSE_FROM ${header})
    # The first, or ccache gives up; the second, as the header has it: a later Qt does not ask for it.
    target_compile_options(${name} PRIVATE -fpch-preprocess -fPIC)
endfunction()

# quiesce_library(name SOURCES… LINK…): one layer. Our rules are its own, not those of its users.
function(quiesce_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(
        ${name}
        PRIVATE "$<BUILD_INTERFACE:quiesce_rules>"
        PUBLIC ${arg_LINK}
    )
    target_compile_features(${name} PUBLIC cxx_std_20)
    target_include_directories(${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    quiesce_precompiled(${name} ${arg_LINK})
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
    quiesce_precompiled(${name} ${arg_LINK})
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
