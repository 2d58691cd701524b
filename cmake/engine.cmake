# spoor-store: links libchdb from the npm package. Always without sanitizers (the library cannot load under them), so its
# sources are compiled for it alone.
set(SPOOR_ENGINE_DIR ${CMAKE_SOURCE_DIR}/tools/engine/node_modules/@chdb/lib-linux-x64-gnu
    CACHE PATH "Folder of libchdb.so")
if(SPOOR_FUZZ)
  return()
endif()
if(NOT EXISTS ${SPOOR_ENGINE_DIR}/libchdb.so)
  message(STATUS "spoor-store is left out: no libchdb.so in ${SPOOR_ENGINE_DIR} (npm ci --prefix tools/engine)")
  return()
endif()
file(GLOB worker_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/storeworker/*.cc)
list(FILTER worker_sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$")
add_executable(spoor-store ${worker_sources} ${CMAKE_SOURCE_DIR}/src/base/result.cc ${CMAKE_SOURCE_DIR}/src/base/text.cc)
target_include_directories(spoor-store PRIVATE ${CMAKE_SOURCE_DIR}/src)
if(SPOOR_SANITIZE)
  target_compile_options(spoor-store PRIVATE -fno-sanitize=all)
  target_link_options(spoor-store PRIVATE -fno-sanitize=all)
endif()
target_link_libraries(spoor-store PRIVATE ${SPOOR_ENGINE_DIR}/libchdb.so PkgConfig::seccomp Boost::headers fmt::fmt
                                          Threads::Threads)
set_target_properties(spoor-store PROPERTIES BUILD_RPATH ${SPOOR_ENGINE_DIR})
