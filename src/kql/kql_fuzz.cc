// Any text: tokens, tree, plan and SQL, or an error with its place.

#include <cstddef>
#include <cstdint>
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
  return 0;
}
