# The few words the CMakeLists of this project are written in.

add_library(klynge_options INTERFACE)
target_include_directories(klynge_options INTERFACE ${CMAKE_SOURCE_DIR})
# Generated headers are not held to our warnings.
target_include_directories(klynge_options SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/generated)
if(KLYNGE_SANITIZE)
  target_compile_options(klynge_options INTERFACE -fsanitize=${KLYNGE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(klynge_options INTERFACE -fsanitize=${KLYNGE_SANITIZE})
endif()

set(KLYNGE_WARNINGS -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wcast-qual
    -Wformat=2 -Wmissing-declarations -Wredundant-decls -Werror)
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" OR KLYNGE_SANITIZE)
  # GCC 12 warns of the insides of std::string and absl::variant once it inlines them (GCC bugs
  # 105651, 105562). The dev build keeps the warnings, the sanitizers look for the real thing.
  list(APPEND KLYNGE_WARNINGS -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds
       -Wno-stringop-overread)
endif()

if(KLYNGE_SANITIZE MATCHES "thread")
  # Fences the sanitizer cannot follow stand in the libraries' headers only.
  list(APPEND KLYNGE_WARNINGS -Wno-tsan)
endif()

# Headers that nearly every file of the services reads; generated code has its own.
set(KLYNGE_PCH <algorithm> <functional> <map> <memory> <string> <utility> <vector>
    <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/time/time.h>)

# klynge_protos(NAME protos_goals FILES … DEPS …): generated code in the build tree only.
function(klynge_protos)
  cmake_parse_arguments(arg "" "NAME;ROOT" "FILES;DEPS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  set(sources)
  foreach(file ${arg_FILES})
    string(REGEX REPLACE "\\.proto$" "" stem ${file})
    set(made ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    set(grpc_args)
    file(STRINGS ${arg_ROOT}/${file} has_service REGEX "^service ")
    if(has_service)
      set(grpc_args --grpc_out=${out} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
      list(APPEND made ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
    endif()
    add_custom_command(
      OUTPUT ${made}
      COMMAND protobuf::protoc -I${arg_ROOT} -I${CMAKE_SOURCE_DIR}/protos -I${GOOGLEAPIS_DIR} --cpp_out=${out}
              ${grpc_args} ${file}
      DEPENDS ${arg_ROOT}/${file} VERBATIM)
    list(APPEND sources ${made})
  endforeach()
  add_library(${arg_NAME} STATIC ${sources})
  target_link_libraries(${arg_NAME} PUBLIC klynge_options protobuf::libprotobuf gRPC::grpc++ ${arg_DEPS})
  # Our warnings are not for generated code, and UBSan makes it take minutes.
  target_compile_options(${arg_NAME} PRIVATE -w -fno-sanitize=undefined)
endfunction()

# klynge_library(NAME goals SRCS … DEPS …)
function(klynge_library)
  cmake_parse_arguments(arg "" "NAME" "SRCS;DEPS" ${ARGN})
  add_library(${arg_NAME} STATIC ${arg_SRCS})
  target_link_libraries(${arg_NAME} PUBLIC klynge_options ${arg_DEPS} absl::statusor absl::strings absl::time)
  target_compile_options(${arg_NAME} PRIVATE ${KLYNGE_WARNINGS})
  target_precompile_headers(${arg_NAME} PRIVATE ${KLYNGE_PCH})
endfunction()

# klynge_binary(NAME goals_main OUTPUT klynge-goals SRCS main.cc DEPS goals)
function(klynge_binary)
  cmake_parse_arguments(arg "" "NAME;OUTPUT" "SRCS;DEPS" ${ARGN})
  add_executable(${arg_NAME} ${arg_SRCS})
  set_target_properties(${arg_NAME} PROPERTIES OUTPUT_NAME ${arg_OUTPUT})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_DEPS})
  target_compile_options(${arg_NAME} PRIVATE ${KLYNGE_WARNINGS})
  if(NOT KLYNGE_SANITIZE)
    # Messages are many small allocations: a sixth more calls a second than with glibc's malloc.
    target_link_libraries(${arg_NAME} PRIVATE PkgConfig::JEMALLOC)
  endif()
  install(TARGETS ${arg_NAME} RUNTIME DESTINATION bin)
endfunction()

# klynge_test(NAME goals_test LABEL unit SRCS … DEPS …): one binary, one CTest entry.
function(klynge_test)
  cmake_parse_arguments(arg "SERIAL" "NAME;LABEL;TIMEOUT" "SRCS;DEPS" ${ARGN})
  if(NOT KLYNGE_TESTS)
    return()
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  find_package(GTest REQUIRED)
  add_executable(${arg_NAME} ${arg_SRCS})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_DEPS} GTest::gmock GTest::gtest test_main)
  target_compile_options(${arg_NAME} PRIVATE ${KLYNGE_WARNINGS})
  target_precompile_headers(${arg_NAME} PRIVATE <gtest/gtest.h> <gmock/gmock.h> ${KLYNGE_PCH})
  # In the root, where tests find the sample city.
  add_test(NAME ${arg_NAME} COMMAND ${arg_NAME} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${arg_NAME} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT}
    RUN_SERIAL ${arg_SERIAL}
    ENVIRONMENT "TSAN_OPTIONS=ignore_noninstrumented_modules=1 suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp;ASAN_OPTIONS=detect_leaks=1;LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/lsan.supp")
endfunction()

# klynge_migrations(TARGET goals DIR migrations [NAMESPACE goals]): embeds DIR/NNNN_*.sql, in order,
# as `const std::vector<klynge::sql::Migration>& klynge::goals::Migrations()` ("<target>/migrations.h").
function(klynge_migrations)
  cmake_parse_arguments(arg "" "TARGET;DIR;NAMESPACE" "" ${ARGN})
  if(NOT arg_NAMESPACE)
    set(arg_NAMESPACE ${arg_TARGET})
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${arg_DIR}/*.sql)
  set(stem ${CMAKE_BINARY_DIR}/generated/klynge/migrations/${arg_NAMESPACE})
  add_custom_command(
    OUTPUT ${stem}.cc ${stem}.h
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.py ${arg_NAMESPACE} ${stem} ${files}
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.py VERBATIM)
  target_sources(${arg_TARGET} PRIVATE ${stem}.cc ${stem}.h)
endfunction()
