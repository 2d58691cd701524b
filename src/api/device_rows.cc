#include "api/device_rows.h"

#include "api/write_json.h"

namespace spoor::api {

void write_device_row(json::Writer& writer, const investigate::DeviceRow& row) {
  writer.begin_object().key("device_id").string(row.device_id).key("name").string(row.name);
  writer.key("os_platform").string(row.os_platform).key("os_version").string(row.os_version);
  writer.key("domain").string(row.domain).key("address").string(row.address);
  writer.key("device_type").string(row.device_type).key("health").string(row.health);
  write_texts(writer, "tags", row.tags);
  write_time_or_null(writer, "first_seen", row.first_seen);
  write_time_or_null(writer, "last_seen", row.last_seen);
  writer.key("merged").number(row.merged).end_object();
}

void write_alias(json::Writer& writer, const state::Alias& alias) {
  writer.begin_object()
      .key("kind")
      .string(alias.kind)
      .key("value")
      .string(alias.value)
      .end_object();
}

}  // namespace spoor::api
