#include "ingest/winlog/forms.h"
#include "ingest/winlog/json_form.h"

namespace spoor::winlog {
namespace {

using namespace forms;

constexpr JsonForm kForms[] = {
    {"envelope", looks_like_envelope, read_envelope},
    {"evtx_dump", looks_like_evtx_dump, read_evtx_dump},
    {"Winlogbeat (ECS)", looks_like_ecs, read_ecs},
    {"Winlogbeat 6", looks_like_old_winlogbeat, read_old_winlogbeat},
    {"detections of others", looks_like_detection, read_detection},
    {"hunting rows", looks_like_hunting_row, read_hunting_row},
    {"Log Analytics", looks_like_log_analytics, read_log_analytics},
    {"Fluent Bit", looks_like_fluent_bit, read_fluent_bit},
    {"Get-WinEvent", looks_like_get_winevent, read_get_winevent},
    {"Splunk text", looks_like_splunk_text, read_splunk_text},
    {"Event Viewer CSV", looks_like_event_viewer_row, read_event_viewer_row},
    {"NXLog", looks_like_flat, read_flat},
    {"spoor records", looks_like_spoor_record, read_spoor_record},
};

}  // namespace

std::span<const JsonForm> json_forms() { return kForms; }

const JsonForm* find_form(const json::Dynamic& object) {
  for (const JsonForm& form : kForms) {
    if (form.looks_like(object)) {
      return &form;
    }
  }
  return nullptr;
}

}  // namespace spoor::winlog
