#include "api/timeline_rows.h"

#include "api/write_json.h"

namespace spoor::api {

void write_timeline_row(json::Writer& writer, const investigate::TimelineRow& row) {
  writer.begin_object();
  write_time(writer, "Timestamp", row.time);
  write_key(writer, "EventId", row.event_id);
  writer.key("DeviceId")
      .string(row.device_id)
      .key("Table")
      .string(row.table)
      .key("ActionType")
      .string(row.action_type);
  writer.key("Group").string(row.group).key("Actor").string(row.actor).key("Account").string(
      row.account);
  writer.key("Title").string(row.title).key("Detail").string(row.detail);
  write_texts(writer, "Techniques", row.techniques);
  writer.key("Source").string(row.source);
  write_key(writer, "ProcessKey", row.process_key);
  write_key(writer, "InitiatingProcessKey", row.actor_key);
  writer.key("Ancestors").begin_array();
  for (const std::int64_t key : row.ancestry) {
    writer.string(std::to_string(key));
  }
  writer.end_array();
  writer.key("is_technique").boolean(row.is_technique);
  write_texts(writer, "tactics", row.tactics);
  writer.key("flag")
      .string(row.flag)
      .key("has_note")
      .boolean(row.has_note)
      .key("alerts")
      .begin_array();
  for (const auto& alert : row.alerts) {
    writer.begin_object().key("id").string(alert.id).key("severity").string(alert.severity);
    writer.key("category").string(alert.category).key("title").string(alert.title).end_object();
  }
  writer.end_array();
  write_count_or_null(writer, "hidden_before", row.hidden_before);
  writer.end_object();
}

}  // namespace spoor::api
