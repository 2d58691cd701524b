#pragma once
// Fields out of the rendered message, for forms that hand over nothing else. Internal to the
// module.

#include <span>
#include <string_view>

#include "event/record.h"

namespace spoor::winlog {

class RecordDraft;

/// True where the message of such an event says its fields (Sysmon; the events of the Security and
/// System logs that Spoor has mappings for, in English), and they are not there yet.
bool needs_message_fields(const event::Record& record, std::span<const event::Field> fields);
/// Adds the fields that the message says, by their names in the log; true where there were some.
bool add_message_fields(RecordDraft& draft, std::string_view message);

}  // namespace spoor::winlog
