#include "api/device_rows.h"

#include "api/write_json.h"

namespace spoor::api {
namespace {

void write_truth(json::Writer& writer, std::string_view name, std::optional<bool> truth) {
  writer.key(name);
  if (truth) {
    writer.boolean(*truth);
  } else {
    writer.null();
  }
}

void write_system(json::Writer& writer, const investigate::DeviceRow& row) {
  writer.key("os_platform").string(row.os_platform).key("os_version").string(row.os_version);
  write_count_or_null(writer, "os_build", row.os_build);
  writer.key("os_architecture").string(row.os_architecture);
  writer.key("os_distribution").string(row.os_distribution);
  writer.key("device_type").string(row.device_type);
  writer.key("device_category").string(row.device_category);
  writer.key("device_subtype").string(row.device_subtype);
  writer.key("vendor").string(row.vendor).key("model").string(row.model);
}

void write_standing(json::Writer& writer, const investigate::DeviceRow& row) {
  writer.key("health").string(row.health).key("is_silent").boolean(row.is_silent);
  writer.key("sensor_version").string(row.sensor_version);
  writer.key("onboarding_status").string(row.onboarding_status);
  writer.key("exposure_level").string(row.exposure_level);
  // Nothing detects yet: not known is not none.
  writer.key("risk_level").null().key("alerts").null();
  writer.key("asset_value").string(row.asset_value);
  writer.key("criticality").string(row.criticality);
  write_texts(writer, "tags", row.tags);
  write_texts(writer, "own_tags", row.own_tags);
  write_truth(writer, "is_internet_facing", row.is_internet_facing);
  write_truth(writer, "is_transient", row.is_transient);
  write_truth(writer, "is_excluded", row.is_excluded);
  writer.key("mitigation_status").string(row.mitigation_status);
}

}  // namespace

void write_device_row(json::Writer& writer, const investigate::DeviceRow& row) {
  writer.begin_object().key("device_id").string(row.device_id).key("name").string(row.name);
  writer.key("kind").string(row.kind);
  write_system(writer, row);
  writer.key("domain").string(row.domain).key("address").string(row.address);
  writer.key("mac").string(row.mac).key("public_ip").string(row.public_ip);
  write_standing(writer, row);
  writer.key("group").string(row.group).key("join_type").string(row.join_type);
  writer.key("directory_id").string(row.directory_id);
  writer.key("cloud_platforms").string(row.cloud_platforms);
  writer.key("discovery_sources").string(row.discovery_sources).key("site").string(row.site);
  write_time_or_null(writer, "first_seen", row.first_seen);
  write_time_or_null(writer, "last_seen", row.last_seen);
  writer.key("merged").number(row.merged).end_object();
}

void write_device_edit(json::Writer& writer, const state::DeviceEdit& edit) {
  writer.begin_object().key("device_id").string(edit.device_id);
  writer.key("version").number(edit.version);
  write_texts(writer, "tags", edit.tags);
  writer.key("asset_value").string(edit.asset_value);
  writer.key("criticality").string(edit.criticality).key("author").string(edit.author);
  write_time_or_null(writer, "set", edit.set);
  writer.key("change_id").string(edit.change_id).end_object();
}

void write_gap(json::Writer& writer, const investigate::CoverageGap& gap) {
  writer.begin_object().key("kind").string(gap.kind).key("source").string(gap.source);
  writer.key("detail").string(gap.detail);
  write_time(writer, "from", gap.from);
  write_time_or_null(writer, "to", gap.to);
  write_count_or_null(writer, "lost", gap.lost);
  writer.end_object();
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
