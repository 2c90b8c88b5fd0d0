# Everything comes from Debian 12's own packages (see deploy/install).
# Protobuf must be found in module mode before gRPC's config asks for it.
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED MODULE)
find_package(gRPC CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(LEMON REQUIRED IMPORTED_TARGET lemon)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
pkg_check_modules(HTTPLIB REQUIRED cpp-httplib)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# SOCI, for SQLite, ships no CMake configuration.
find_path(SOCI_INCLUDE_DIR soci/soci.h REQUIRED)
find_library(SOCI_CORE soci_core REQUIRED)
find_library(SOCI_SQLITE3 soci_sqlite3 REQUIRED)
find_library(SQLITE3 sqlite3 REQUIRED)
add_library(soci INTERFACE)
target_include_directories(soci SYSTEM INTERFACE ${SOCI_INCLUDE_DIR} ${PostgreSQL_INCLUDE_DIRS})
target_link_libraries(soci INTERFACE ${SOCI_CORE} ${SOCI_SQLITE3} ${SQLITE3} PostgreSQL::PostgreSQL)

# CSV; it ships no configuration either.
find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(csv INTERFACE)
target_include_directories(csv SYSTEM INTERFACE ${CSV_INCLUDE_DIR})
target_link_libraries(csv INTERFACE ${CSV_LIBRARY})

# google/rpc/{status,error_details}.proto: the only copies Debian packages.
find_path(GOOGLEAPIS_DIR google/rpc/error_details.proto REQUIRED
          PATHS /usr/share/gocode/src/github.com/gogo/googleapis)
