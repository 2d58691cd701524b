#pragma once
// Facts of processes as bytes, to be kept with a device between imports.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "enrich/process_facts.h"

namespace spoor::enrich {

std::string encode_facts(std::span<const ProcessFact> facts);
/// Fails with kInvalidInput or kTruncated where the bytes are not those of encode_facts of this
/// version.
Result<std::vector<ProcessFact>> decode_facts(std::string_view bytes);

}  // namespace spoor::enrich
