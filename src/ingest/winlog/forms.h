#pragma once
// Every form, each in its own file form_<name>.cc. Internal to the module.

#include "ingest/winlog/json_form.h"

namespace spoor::winlog::forms {

bool looks_like_envelope(const json::Dynamic& object);
Result<void> read_envelope(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_evtx_dump(const json::Dynamic& object);
Result<void> read_evtx_dump(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_ecs(const json::Dynamic& object);
Result<void> read_ecs(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_old_winlogbeat(const json::Dynamic& object);
Result<void> read_old_winlogbeat(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_detection(const json::Dynamic& object);
Result<void> read_detection(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_hunting_row(const json::Dynamic& object);
Result<void> read_hunting_row(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_log_analytics(const json::Dynamic& object);
Result<void> read_log_analytics(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_fluent_bit(const json::Dynamic& object);
Result<void> read_fluent_bit(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_get_winevent(const json::Dynamic& object);
Result<void> read_get_winevent(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_splunk_text(const json::Dynamic& object);
Result<void> read_splunk_text(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_event_viewer_row(const json::Dynamic& object);
Result<void> read_event_viewer_row(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_flat(const json::Dynamic& object);
Result<void> read_flat(const json::Dynamic& object, RecordDraft& draft);
bool looks_like_spoor_record(const json::Dynamic& object);
Result<void> read_spoor_record(const json::Dynamic& object, RecordDraft& draft);

}  // namespace spoor::winlog::forms
