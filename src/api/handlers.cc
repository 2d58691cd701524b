#include "api/handlers.h"

#include <fmt/core.h>

namespace spoor::api {

Result<std::vector<HandlerEntry>> all_handlers() {
  const auto groups = {session_handlers(),         user_handlers(),
                       token_handlers(),           audit_handlers(),
                       server_handlers(),          device_handlers(),
                       device_overview_handlers(), timeline_handlers(),
                       event_handlers(),           mark_handlers(),
                       export_handlers(),          query_handlers(),
                       upload_handlers(),          import_handlers(),
                       ingest_handlers(),          upkeep_handlers(),
                       device_card_handlers(),     device_edit_handlers(),
                       saved_view_handlers(),      source_handlers()};
  std::vector<HandlerEntry> handlers(kOperationCount);
  for (const auto& group : groups) {
    for (const HandlerEntry& entry : group) {
      HandlerEntry& place = handlers[static_cast<std::size_t>(entry.operation)];
      if (place.handle != nullptr) {
        return fail(ErrorCode::kInternal,
                    fmt::format("operation {} has two handlers", operation(entry.operation).name));
      }
      place = entry;
    }
  }
  for (const OperationSpec& spec : operations()) {
    if (handlers[static_cast<std::size_t>(spec.id)].handle == nullptr) {
      return fail(ErrorCode::kInternal, fmt::format("operation {} has no handler", spec.name));
    }
  }
  return handlers;
}

}  // namespace spoor::api
