#pragma once
// One open file, taken apart where it is an archive.

#include <cstdint>
#include <functional>
#include <stop_token>

#include "base/result.h"
#include "ingest/input/input_file.h"
#include "ingest/input/limits.h"

namespace spoor::ingest {

/// Calls `on_file` for the file, or for each file inside it where it is an archive (valid until it
/// returns), `on_error` for what could not be read, and `on_progress` with the bytes of the file
/// that are done.
void expand_file(InputFile& file, const Limits& limits,
                 const std::function<void(InputFile&)>& on_file,
                 const std::function<void(const Error&)>& on_error,
                 const std::function<void(std::uint64_t)>& on_progress, std::stop_token stop = {});

}  // namespace spoor::ingest
