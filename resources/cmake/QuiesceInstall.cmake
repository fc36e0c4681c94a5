# SPDX-License-Identifier: GPL-3.0-only
# What others get: what the libraries depend on, which of their headers are public, and the rules for
# `cmake --install`. Install components: service and console (programs), dev (everything to build with).
#
# The package has parts, which are find_package's components: Common, Service, Test. Each has its own
# list of dependencies and its own export, so that whoever wants Common needs only Qt6::Core.
include(CMakePackageConfigHelpers)

set(QUIESCE_PARTS Common Service Test)
set(QUIESCE_INSTALL_CMAKEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/Quiesce")

# What pkg-config calls the packages that CMake calls so; Qt6's components are Qt6<name> for both.
set(QUIESCE_MODULE_OpenSSL openssl)
set(QUIESCE_MODULE_tomlplusplus tomlplusplus)

# quiesce_depends(part PACKAGE version [COMPONENTS…]): find_package here, and the same for whoever uses
# the installed package. Of Qt6 they need at least what this was built with.
macro(quiesce_depends part package version)
    find_package(${package} ${version} REQUIRED ${ARGN})
    set(quiesce_wanted ${package} ${version} ${ARGN})
    if("${package}" STREQUAL Qt6)
        set(quiesce_wanted Qt6 ${Qt6_VERSION} ${ARGN})
    endif()
    string(JOIN " " quiesce_wanted ${quiesce_wanted})
    string(APPEND QUIESCE_DEPENDENCIES_${part} "    find_dependency(${quiesce_wanted})\n")
    if("${package}" STREQUAL Qt6)
        foreach(component ${ARGN})
            if(NOT component STREQUAL COMPONENTS)
                list(APPEND QUIESCE_MODULES_${part} "Qt6${component} >= ${Qt6_VERSION}")
            endif()
        endforeach()
    elseif(DEFINED QUIESCE_MODULE_${package})
        list(APPEND QUIESCE_MODULES_${part} ${QUIESCE_MODULE_${package}})
    endif()
endmacro()

# quiesce_depends_pkgconfig(part prefix module [OPTIONAL]): the same by pkg-config, as
# PkgConfig::<prefix>. An optional one that is not here is none for the installed package either.
macro(quiesce_depends_pkgconfig part prefix module)
    find_package(PkgConfig REQUIRED)
    if("${ARGN}" STREQUAL OPTIONAL)
        pkg_check_modules(${prefix} IMPORTED_TARGET ${module})
    else()
        pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET ${module})
    endif()
    if(${prefix}_FOUND)
        string(APPEND QUIESCE_DEPENDENCIES_${part} "    quiesce_find_module(${prefix} ${module})\n")
        list(APPEND QUIESCE_MODULES_${part} ${module})
    endif()
endmacro()

# quiesce_public(target NAME part [HEADERS…]): the library is Quiesce::NAME, here and where it is
# installed. Public headers are those listed, below include/quiesce with the paths they have here.
function(quiesce_public target name part)
    cmake_parse_arguments(PARSE_ARGV 3 arg "" "" "HEADERS")
    add_library(Quiesce::${name} ALIAS ${target})
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
    target_sources(
        ${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${arg_HEADERS}
    )
    foreach(header IN LISTS arg_HEADERS)
        cmake_path(ABSOLUTE_PATH header)
        cmake_path(RELATIVE_PATH header BASE_DIRECTORY "${PROJECT_SOURCE_DIR}")
        set_property(GLOBAL APPEND PROPERTY QUIESCE_PUBLIC_HEADERS "${header}")
    endforeach()
    if(QUIESCE_INSTALL)
        install(
            TARGETS ${target}
            EXPORT Quiesce${part}
            ARCHIVE COMPONENT dev
            FILE_SET HEADERS
            DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/quiesce"
            COMPONENT dev
        )
    endif()
endfunction()

# quiesce_forward(target header NAMES…): <Quiesce/NAME> for each class in that header, Qt's habit.
function(quiesce_forward target header)
    set(forwards "${PROJECT_BINARY_DIR}/include")
    foreach(name IN LISTS ARGN)
        file(CONFIGURE OUTPUT "${forwards}/Quiesce/${name}" CONTENT "#include \"${header}\"\n")
        if(QUIESCE_INSTALL)
            install(
                FILES "${forwards}/Quiesce/${name}"
                DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/quiesce/Quiesce"
                COMPONENT dev
            )
        endif()
    endforeach()
    target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${forwards}>")
endfunction()

# quiesce_install_package(): once, when all libraries are there. Also lists the public headers, for
# Doxygen, in package/headers.
function(quiesce_install_package)
    get_property(headers GLOBAL PROPERTY QUIESCE_PUBLIC_HEADERS)
    string(JOIN "\n" headers ${headers})
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/package/headers" CONTENT "${headers}\n")
    if(NOT QUIESCE_INSTALL)
        return()
    endif()
    foreach(part IN LISTS QUIESCE_PARTS)
        install(
            EXPORT Quiesce${part}
            FILE Quiesce${part}Targets.cmake
            NAMESPACE Quiesce::
            DESTINATION "${QUIESCE_INSTALL_CMAKEDIR}"
            COMPONENT dev
        )
    endforeach()
    set(config "${PROJECT_BINARY_DIR}/package")
    configure_package_config_file(
        "${PROJECT_SOURCE_DIR}/resources/cmake/QuiesceConfig.cmake.in"
        "${config}/QuiesceConfig.cmake" INSTALL_DESTINATION "${QUIESCE_INSTALL_CMAKEDIR}"
        NO_SET_AND_CHECK_MACRO
    )
    # Static libraries of a version below 1: what was built for one minor version stays with it.
    write_basic_package_version_file(
        "${config}/QuiesceConfigVersion.cmake" COMPATIBILITY SameMinorVersion
    )
    # For builds by something else: static libraries, so whatever they need is public. Relative to where
    # it lies, so that it holds below any prefix.
    file(RELATIVE_PATH QUIESCE_UP "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
    string(REGEX REPLACE "/$" "" QUIESCE_UP "${QUIESCE_UP}")
    string(JOIN ", " QUIESCE_MODULES ${QUIESCE_MODULES_Common} ${QUIESCE_MODULES_Service})
    configure_file(
        "${PROJECT_SOURCE_DIR}/resources/cmake/quiesce.pc.in" "${config}/quiesce.pc" @ONLY
    )
    install(
        FILES "${config}/quiesce.pc"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
        COMPONENT dev
    )
    install(
        FILES "${config}/QuiesceConfig.cmake" "${config}/QuiesceConfigVersion.cmake"
        DESTINATION "${QUIESCE_INSTALL_CMAKEDIR}"
        COMPONENT dev
    )
endfunction()
