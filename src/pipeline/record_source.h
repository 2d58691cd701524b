#pragma once
// Where an import takes its records from, whatever reads them.

#include <functional>
#include <stop_token>

#include "base/result.h"
#include "ingest/formats/read_records.h"

namespace spoor::pipeline {

using ingest::RecordSink;

/// Hands over all records, or stops where `stop` is asked (kCancelled). An error is a failure of
/// the source as a whole; what was handed over before is kept.
using RecordSource = std::function<Result<void>(const RecordSink& sink, std::stop_token stop)>;

}  // namespace spoor::pipeline
