// Any text: tokens, tree, plan and SQL, or an error with its place. The same text as data from
// outside: rows, or an error.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kql/kql.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  spoor::kql::CompileOptions options;
  options.now = 17'700'000'000'000'000;
  options.explain = true;
  const auto compiled =
      spoor::kql::compile(std::string_view(reinterpret_cast<const char*>(data), size), options);
  if (!compiled && compiled.error().code == spoor::ErrorCode::kInternal) {
    __builtin_trap();
  }
  options.external = [&](std::string_view) -> spoor::Result<std::string> {
    return std::string(reinterpret_cast<const char*>(data), size);
  };
  for (const std::string_view format : {"csv", "txt", "json"}) {
    const std::string query =
        "externaldata(a:string, n:long, r:real, t:datetime, d:dynamic)['x'] with (format='" +
        std::string(format) + "')";
    const auto rows = spoor::kql::compile(query, options);
    if (!rows && rows.error().code == spoor::ErrorCode::kInternal) {
      __builtin_trap();
    }
  }
  return 0;
}
