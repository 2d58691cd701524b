#pragma once
// The handlers: one file a resource, one function an operation. A handler turns a call into a call
// of a service and its result into an answer; it holds no rules of its own. Internal to the module.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "api/call.h"
#include "api/gen/operations.h"
#include "api/services.h"

namespace spoor::api {

using HandlerFunction = Result<Reply> (*)(const Services& services, Call& call);

struct HandlerEntry {
  OperationId operation;
  HandlerFunction handle;
  /// Name of the entry that each call leaves in the audit log ("device.merge"); empty where it
  /// changes nothing or where the service writes the entry itself.
  std::string_view action;
};

std::span<const HandlerEntry> session_handlers();
std::span<const HandlerEntry> user_handlers();
std::span<const HandlerEntry> token_handlers();
std::span<const HandlerEntry> audit_handlers();
std::span<const HandlerEntry> server_handlers();
std::span<const HandlerEntry> device_handlers();
std::span<const HandlerEntry> device_overview_handlers();
std::span<const HandlerEntry> device_card_handlers();
std::span<const HandlerEntry> device_edit_handlers();
std::span<const HandlerEntry> saved_view_handlers();
std::span<const HandlerEntry> timeline_handlers();
std::span<const HandlerEntry> event_handlers();
std::span<const HandlerEntry> mark_handlers();
std::span<const HandlerEntry> export_handlers();
std::span<const HandlerEntry> query_handlers();
std::span<const HandlerEntry> upload_handlers();
std::span<const HandlerEntry> import_handlers();
std::span<const HandlerEntry> ingest_handlers();
std::span<const HandlerEntry> source_handlers();
std::span<const HandlerEntry> upkeep_handlers();

/// The handler of each operation, in the order of OperationId. kInternal where an operation has
/// none, or two.
Result<std::vector<HandlerEntry>> all_handlers();

}  // namespace spoor::api
