#pragma once
// An import whose records come from a source that somebody else reads: the trail of import.h from
// the record on.

#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "pipeline/import.h"
#include "pipeline/record_source.h"

namespace spoor::pipeline {

struct SourceImport {
  ImportReport report;
  std::optional<Error> failure;  ///< why it ended early; the report says what was stored before
};

struct SourceImportRequest {
  std::string job_id;
  std::string reported_by;
  std::function<void(const ImportProgress&)> on_progress;
};

/// Stores the records of `source`, then repairs. Whatever ends it early, what was read is stored
/// and repaired as far as the store allows.
SourceImport import_from(const ImportTarget& target, const SourceImportRequest& request,
                         const RecordSource& source, const std::stop_token& stop);

}  // namespace spoor::pipeline
