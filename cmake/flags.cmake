set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON) # TRY is a statement expression
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

# RelAssert: optimised, asserts kept. The build that tests run on.
set(CMAKE_CXX_FLAGS_RELASSERT "-O2 -g1" CACHE STRING "" FORCE)
set(CMAKE_C_FLAGS_RELASSERT "-O2 -g1" CACHE STRING "" FORCE)

find_program(SPOOR_CCACHE ccache)
if(SPOOR_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SPOOR_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${SPOOR_CCACHE})
endif()

find_program(SPOOR_MOLD mold)
if(SPOOR_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Werror -Wno-missing-field-initializers -fno-strict-aliasing)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false positives of these from inlined library code at -O2.
  add_compile_options(-Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds -Wno-restrict -Wno-dangling-pointer)
else()
  # TRY is a statement expression; stable_sort of GCC 12's library calls what the standard has deprecated.
  add_compile_options(-Wno-gnu-statement-expression-from-macro-expansion -Wno-deprecated-declarations)
endif()
if(SPOOR_SANITIZE)
  add_compile_options(-fsanitize=${SPOOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SPOOR_SANITIZE})
endif()
if(SPOOR_SANITIZE MATCHES "thread")
  add_compile_options(-O1) # builds faster, and every race is still there
endif()
if(SPOOR_SANITIZE MATCHES "address")
  # Only fuzz targets need it, but then the presets asan and fuzz compile alike and ccache gives one what the other made.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(GTest REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
find_package(SQLite3 REQUIRED)
pkg_check_modules(libarchive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
find_package(Boost 1.81 REQUIRED)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)
find_package(CURL REQUIRED)
pkg_check_modules(pugixml REQUIRED IMPORTED_TARGET pugixml)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
